import { expect, test } from "vitest"

import { joinText } from "./join"

test.each([
  ["nothing is stored", "", "Hello", "Hello"],
  ["nothing is repeated yet", "Hello wor", "", "Hello wor"],
  ["the stream has not caught up", "Hello wor", "Hel", "Hello wor"],
  ["the stream has caught up", "Hello wor", "Hello wor", "Hello wor"],
  ["the stream is ahead", "Hello wor", "Hello world", "Hello world"],
  ["continued: only the old text is stored", "Once upon", " a time", "Once upon a time"],
  ["continued: a part of the new text is stored", "Once upon a ti", " a time", "Once upon a time"],
  ["continued: the stream has not caught up", "Once upon a time", " a", "Once upon a time"],
])("%s", (_name, stored, written, text) => {
  expect(joinText(stored, written)).toBe(text)
})

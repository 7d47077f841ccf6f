import { expect, test } from "vitest"

import { dayLabel, isNewDay } from "./dates"

const now = new Date(2026, 10, 23, 0, 30)
const at = (...parts: [number, number, number, number]) => new Date(...parts).toISOString()

test.each([
  [at(2026, 10, 23, 0), "Today"],
  [at(2026, 10, 22, 23), "Yesterday"],
  [at(2026, 10, 20, 12), "Friday, November 20"],
  [at(2025, 10, 20, 12), "Thursday, November 20, 2025"],
  [at(2026, 10, 24, 12), "Today"],
  ["nonsense", ""],
])("%s is %s", (timestamp, label) => {
  expect(dayLabel(timestamp, now, "en-US")).toBe(label)
})

test("a day begins at local midnight", () => {
  expect(isNewDay(at(2026, 10, 22, 23), at(2026, 10, 23, 0))).toBe(true)
  expect(isNewDay(at(2026, 10, 23, 0), at(2026, 10, 23, 23))).toBe(false)
  expect(isNewDay(undefined, at(2026, 10, 23, 0))).toBe(true)
})

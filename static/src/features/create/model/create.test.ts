import { describe, expect, test } from "vitest"

import { adviceOn, checkText, EMPTY, fieldOf, isFields, sameFields } from "./fields"
import { fillNames } from "./macros"
import { addTags } from "./tags"

describe("names are filled in", () => {
  test.each([
    ["Hello {{user}}, I am {{char}}.", "Hello Ada, I am Mira."],
    ["{{USER}} and {{ Char }}", "Ada and Mira"],
    ["<USER> meets <bot>", "Ada meets Mira"],
    ["{{random:a,b}} stays", "{{random:a,b}} stays"],
    ["$& {{user}}", "$& Ada"],
  ])("%s", (text, filled) => {
    expect(fillNames(text, { char: "Mira", user: "Ada" })).toBe(filled)
  })
  test("also names with a dollar sign", () => {
    expect(fillNames("{{user}}", { char: "Mira", user: "$1" })).toBe("$1")
  })
})

describe("tags", () => {
  test.each<[string, string[], string, string[], string | null, string]>([
    ["are lower-cased and trimmed", [], "  Deep   Space ", ["deep space"], null, ""],
    ["can be separated by commas and line breaks", [], "a, b;c\nd", ["a", "b", "c", "d"], null, ""],
    ["are unique", ["a"], "A, a", ["a"], null, ""],
    ["over the limit of characters stay in the field", ["a"], `b, ${"x".repeat(41)}`, ["a", "b"], "A tag can have at most 40 characters.", "x".repeat(41)],
    ["are at most 24", Array.from({ length: 24 }, (_, i) => `t${i}`), "more", Array.from({ length: 24 }, (_, i) => `t${i}`), "At most 24 tags are allowed.", "more"],
  ])("%s", (_name, before, typed, tags, problem, rest) => {
    expect(addTags(before, typed)).toEqual({ tags, problem, rest })
  })
})

describe("fields", () => {
  test.each([
    ["a name is required", "name", "  ", "Give your persona a name."],
    ["other fields are optional", "description", "", true],
    ["code points are counted", "tagline", "😀".repeat(160), true],
    ["a tagline over the limit is invalid", "tagline", "x".repeat(161), "This is 161 characters long; the limit is 160."],
    ["whitespace around a tagline does not count", "tagline", ` ${"x".repeat(160)} `, true],
    ["a long text of a card can be saved", "description", "x".repeat(40_000), true],
  ] as const)("%s", (_name, field, value, answer) => {
    expect(checkText(field, value)).toBe(answer)
  })

  test.each([
    ["name", "x".repeat(120), null],
    ["name", "x".repeat(121), "Lists show the first 120 characters."],
    ["description", "😀".repeat(32_000), null],
    ["tagline", "x".repeat(161), null],
  ] as const)("advice on a long %s", (field, value, answer) => {
    expect(adviceOn(field, value)).toBe(answer)
  })
  test("a text that uses up the context has a warning", () => {
    expect(adviceOn("greeting", "x".repeat(8_001))).toMatch(/^This is 8,001 characters long\. Beyond 8,000 /)
  })

  test("whitespace that the server trims is not a change", () => {
    expect(sameFields({ ...EMPTY, name: "Mira" }, { ...EMPTY, name: " Mira " })).toBe(true)
    expect(sameFields({ ...EMPTY, greeting: "Hi" }, { ...EMPTY, greeting: "Hi " })).toBe(false)
    expect(sameFields({ ...EMPTY, tags: ["a"] }, { ...EMPTY, tags: ["a", "b"] })).toBe(false)
  })

  test("field names of the server map to fields of the editor", () => {
    const names = ["card.name", "card.first_mes", "card.tags.3", "tagline", "avatar_id", "card.character_book.entries", "card", "revision"]
    expect(names.map(fieldOf)).toEqual(["name", "greeting", "tags", "tagline", "avatar_id", null, null, null])
  })

  test("a draft of another shape is rejected", () => {
    expect(isFields(EMPTY)).toBe(true)
    expect([null, {}, { ...EMPTY, tags: [1] }, { ...EMPTY, name: 3 }].some(isFields)).toBe(false)
  })
})

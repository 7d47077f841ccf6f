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
    ["come in lists", [], "a, b;c\nd", ["a", "b", "c", "d"], null, ""],
    ["are there once", ["a"], "A, a", ["a"], null, ""],
    ["too long stay where they were typed", ["a"], `b, ${"x".repeat(41)}`, ["a", "b"], "A tag can be 40 characters long.", "x".repeat(41)],
    ["are 24 at most", Array.from({ length: 24 }, (_, i) => `t${i}`), "more", Array.from({ length: 24 }, (_, i) => `t${i}`), "24 tags are the most.", "more"],
  ])("%s", (_name, before, typed, tags, problem, rest) => {
    expect(addTags(before, typed)).toEqual({ tags, problem, rest })
  })
})

describe("fields", () => {
  test.each([
    ["a name is needed", "name", "  ", "Give your persona a name."],
    ["nothing else is", "description", "", true],
    ["characters are counted as people do", "tagline", "😀".repeat(160), true],
    ["one too many is named", "tagline", "x".repeat(161), "This is 161 characters long; 160 is the most."],
    ["blanks around a tagline do not count", "tagline", ` ${"x".repeat(160)} `, true],
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
  test("a text that leaves no room is warned of", () => {
    expect(adviceOn("greeting", "x".repeat(8_001))).toMatch(/^This is 8,001 characters long\. Beyond 8,000 /)
  })

  test("blanks that the server drops are no change", () => {
    expect(sameFields({ ...EMPTY, name: "Mira" }, { ...EMPTY, name: " Mira " })).toBe(true)
    expect(sameFields({ ...EMPTY, greeting: "Hi" }, { ...EMPTY, greeting: "Hi " })).toBe(false)
    expect(sameFields({ ...EMPTY, tags: ["a"] }, { ...EMPTY, tags: ["a", "b"] })).toBe(false)
  })

  test("the server's names find their fields", () => {
    const names = ["card.name", "card.first_mes", "card.tags.3", "tagline", "avatar_id", "card.character_book.entries", "card", "revision"]
    expect(names.map(fieldOf)).toEqual(["name", "greeting", "tags", "tagline", "avatar_id", null, null, null])
  })

  test("a draft of another shape is not taken", () => {
    expect(isFields(EMPTY)).toBe(true)
    expect([null, {}, { ...EMPTY, tags: [1] }, { ...EMPTY, name: 3 }].some(isFields)).toBe(false)
  })
})

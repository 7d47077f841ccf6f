import { describe, expect, test } from "vitest"

import { checkText, EMPTY, fieldOf, isFields, sameFields } from "./fields"
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
    ["characters are counted as people do", "name", "😀".repeat(120), true],
    ["one too many is named", "name", "x".repeat(121), "This is 121 characters long; 120 is the most."],
    ["blanks around a name do not count", "name", ` ${"x".repeat(120)} `, true],
  ] as const)("%s", (_name, field, value, answer) => {
    expect(checkText(field, value)).toBe(answer)
  })

  test("blanks that the server drops are no change", () => {
    expect(sameFields({ ...EMPTY, name: "Mira" }, { ...EMPTY, name: " Mira " })).toBe(true)
    expect(sameFields({ ...EMPTY, greeting: "Hi" }, { ...EMPTY, greeting: "Hi " })).toBe(false)
    expect(sameFields({ ...EMPTY, tags: ["a"] }, { ...EMPTY, tags: ["a", "b"] })).toBe(false)
  })

  test("the server's names find their fields", () => {
    expect(["name", "tags.3", "avatar_id", "revision"].map(fieldOf)).toEqual(["name", "tags", "avatar_id", null])
  })

  test("a draft of another shape is not taken", () => {
    expect(isFields(EMPTY)).toBe(true)
    expect([null, {}, { ...EMPTY, tags: [1] }, { ...EMPTY, name: 3 }].some(isFields)).toBe(false)
  })
})

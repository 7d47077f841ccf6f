import { expect, test } from "vitest"

import { charOf, nameOf, viewFieldOf, viewOf, withView } from "./card"
import { parseExact, stringifyExact } from "./json"
import type { CardJson } from "./wire"

const RICH =
  '{"vendor":[[1.10,[]]],"character_book":{"x_book":1e400,"entries":[{"x_entry":{"b":1,"a":2},"id":123456789012345678901234567890}]},' +
  '"extensions":{"a/b":{"c":[true]}},"assets":[{"x_asset":null}],"alternate_greetings":["Other"],"first_mes":"Hi","tags":["B","a"," b"],"name":" Mira "}'
const rich = () => parseExact(RICH) as CardJson

test("a view has the editable fields", () => {
  expect(viewOf(rich())).toEqual({
    name: " Mira ",
    description: "",
    personality: "",
    scenario: "",
    greeting: "Hi",
    example_dialogue: "",
    system_prompt: "",
    post_history_instructions: "",
    tags: ["B", "a", " b"],
  })
  expect(viewOf({ tags: ["a", "a"] }).tags).toEqual(["a"])
  expect(nameOf(rich())).toBe("Mira")
  expect(charOf(rich(), "Mo ")).toBe("Mo")
  expect(charOf({ nickname: "M" }, "Mo")).toBe("M")
})

test("an unchanged view changes nothing", () => {
  expect(stringifyExact(withView(rich(), viewOf(rich())))).toBe(RICH)
})

test("line breaks that form controls normalize are preserved", () => {
  const card: CardJson = { name: "Mi\nra", description: "one\r\ntwo\rthree" }
  const view = viewOf(card)
  expect([view.name, view.description]).toEqual(["Mira", "one\ntwo\nthree"])
  expect(withView(card, view)).toEqual(card)
})

test("only changed fields are written", () => {
  const view = { ...viewOf(rich()), greeting: "Hello", name: " Mo ", description: "New", tags: ["a"] }
  const expected = RICH.replace('"Hi"', '"Hello"').replace('" Mira "', '"Mo"').replace('["B","a"," b"]', '["a"]')
  expect(stringifyExact(withView(rich(), view))).toBe(`${expected.slice(0, -1)},"description":"New"}`)
})

test("card paths map to fields of the view", () => {
  expect(["name", "first_mes", "tags.3", "character_book.entries"].map(viewFieldOf)).toEqual(["name", "greeting", "tags", null])
})

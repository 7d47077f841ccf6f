import { expect, test } from "vitest"

import { parseExact, stringifyExact } from "./json"

test.each([
  '{"id":123456789012345678901234567890,"zero":-0,"one":1.0,"half":0.50,"huge":1e400,"plain":7}',
  '[null,true,"\\n\\"é🗼",[],{},{"__proto__":{"a":1}}]',
])("%s is serialized unchanged", (text) => {
  expect(stringifyExact(parseExact(text))).toBe(text)
})

test("the last of duplicate keys counts", () => {
  expect(parseExact('{"a":1,"a":2}')).toEqual({ a: 2 })
})

test("plain numbers are numbers", () => {
  expect(parseExact('{"revision":3,"half":0.5}')).toEqual({ revision: 3, half: 0.5 })
})

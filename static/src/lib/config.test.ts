import { expect, it } from "vitest"

import { parseConfig } from "./config"

it.each([
  ['{"clerk":{"publishableKey":"pk_test_x","proxyUrl":"/__clerk"}}', { clerk: { publishableKey: "pk_test_x", proxyUrl: "/__clerk" } }],
  ['{"clerk":{"publishableKey":"pk_live_x"}}', { clerk: { publishableKey: "pk_live_x" } }],
  ['{"clerk":{"publishableKey":"pk_live_x","proxyUrl":""}}', { clerk: { publishableKey: "pk_live_x" } }],
  ['{"clerk":{"publishableKey":""}}', null],
  ["{}", null],
  ["null", null],
  ["not json", null],
  [undefined, null],
])("reads %j", (json, expected) => {
  expect(parseConfig(json)).toEqual(expected)
})

import { expect, it } from "vitest"

import { callbackPath, safeRedirect, signInPath } from "./paths"

const ORIGIN = "https://persona.example"

it.each([
  ["/talk/1?a=b#c", "/talk/1?a=b#c"],
  ["https://persona.example/dashboard", "/dashboard"],
  ["https://evil.example/", null],
  ["//evil.example", null],
  ["/\\evil.example", null],
  ["https://persona.example//evil.example", null],
  ["javascript:alert(1)", null],
  ["/dash\nboard", null],
  ["", null],
  [null, null],
])("follows %j only to %j", (target, expected) => {
  expect(safeRedirect(target, ORIGIN)).toBe(expected)
})

it("carries the target through sign-in and callback", () => {
  expect(signInPath("/talk/1?a=b")).toBe("/sign-in?redirect_url=%2Ftalk%2F1%3Fa%3Db")
  expect(callbackPath("/talk/1")).toBe("/auth/callback?redirect_url=%2Ftalk%2F1")
  expect(callbackPath(null)).toBe("/auth/callback")
})

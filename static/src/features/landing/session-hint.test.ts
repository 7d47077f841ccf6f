import { expect, it } from "vitest"

import { saysSignedIn } from "./session-hint"

it.each([
  ["", false],
  ["__client_uat=0", false],
  ["__client_uat=1732400000", true],
  ["a=1; __client_uat_Nlc4aB-_=1732400000; b=2", true],
  ["__client_uat=0; __client_uat_Nlc4aB-_=0", false],
  ["x__client_uat=12", false],
  ["__client_uat=", false],
])("reads %j as signed in: %s", (cookies, expected) => {
  expect(saysSignedIn(cookies)).toBe(expected)
})

import { expect, it } from "vitest"

import { hueOf, initials } from "./hue"

it("spreads the hues of consecutive ids over the whole circle", () => {
  const hues = Array.from({ length: 36 }, (_, i) => hueOf(`01939c1e-0000-7000-8000-${String(i).padStart(12, "0")}`))
  const sectors = new Set(hues.map((hue) => Math.floor(hue / 60)))
  expect(sectors.size).toBe(6)
  expect(hues.every((hue) => hue >= 0 && hue < 360)).toBe(true)
})

it.each([
  ["Ada Lovelace", "AL"],
  ["  mira ", "M"],
  ["Jean Luc de la Tour", "JT"],
  ["雪", "雪"],
  ["“Doc” (retired)", "DR"],
  ["🦊", ""],
  ["", ""],
])("shortens %j to %j", (name, expected) => {
  expect(initials(name)).toBe(expected)
})

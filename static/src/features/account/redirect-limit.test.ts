import { expect, it } from "vitest"

import { mayRedirect } from "./redirect-limit"

function memory() {
  const map = new Map<string, string>()
  return { getItem: (key: string) => map.get(key) ?? null, setItem: (key: string, value: string) => void map.set(key, value) }
}

it("stops after three redirects within the window", () => {
  const storage = memory()
  expect([0, 1_000, 2_000, 3_000].map((now) => mayRedirect(storage, now))).toEqual([true, true, true, false])
  expect(mayRedirect(storage, 4_000)).toBe(true)
})

it("ignores old redirects", () => {
  const storage = memory()
  expect([0, 1_000, 2_000, 60_000].every((now) => mayRedirect(storage, now))).toBe(true)
})

it("does not redirect without storage", () => {
  const broken = {
    getItem: () => {
      throw new Error("storage is disabled")
    },
    setItem: () => {},
  }
  expect(mayRedirect(broken, 0)).toBe(false)
})

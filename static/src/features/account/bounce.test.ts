import { expect, it } from "vitest"

import { mayBounce } from "./bounce"

function memory() {
  const map = new Map<string, string>()
  return { getItem: (key: string) => map.get(key) ?? null, setItem: (key: string, value: string) => void map.set(key, value) }
}

it("stops sending on when it happens again and again", () => {
  const storage = memory()
  expect([0, 1_000, 2_000, 3_000].map((now) => mayBounce(storage, now))).toEqual([true, true, true, false])
  expect(mayBounce(storage, 4_000)).toBe(true)
})

it("forgets old visits", () => {
  const storage = memory()
  expect([0, 1_000, 2_000, 60_000].every((now) => mayBounce(storage, now))).toBe(true)
})

it("does not send on where nothing can be remembered", () => {
  const broken = {
    getItem: () => {
      throw new Error("storage is switched off")
    },
    setItem: () => {},
  }
  expect(mayBounce(broken, 0)).toBe(false)
})

import { expect, test, vi } from "vitest"

import { revokeOthers } from "./revoke-others"

const NOT_FOUND = Object.assign(new Error("gone"), { status: 404 })
const OFFLINE = new Error("offline")

/** A session `here` and others. `old` is the list that Clerk has cached until the session is reloaded. */
function account(others: Record<string, () => Promise<unknown>>, old: string[] = [], listed = true) {
  const list = (ids: string[]) => async () => ids.map((id) => ({ id, revoke: others[id] ?? (() => Promise.reject(new Error("must not be revoked"))) }))
  const session = {
    id: "here",
    user: { getSessions: list(old) },
    reload: async () => {
      session.user = { getSessions: listed ? list(["here", ...Object.keys(others)]) : list([]) }
    },
  }
  return session
}

test("every other session is revoked and this one is not", async () => {
  const [phone, tablet] = [vi.fn(), vi.fn()]
  await revokeOthers(account({ phone, tablet }))
  expect([phone, tablet].map((revoke) => revoke.mock.calls.length)).toEqual([1, 1])
})

test("a session newer than the cached list is revoked too", async () => {
  const phone = vi.fn()
  await revokeOthers(account({ phone }, ["here"]))
  expect(phone).toHaveBeenCalledOnce()
})

test("a session that has already ended is not an error", async () => {
  await expect(revokeOthers(account({ phone: () => Promise.reject(NOT_FOUND) }))).resolves.toBeUndefined()
})

test("a failure is reported after all other sessions are revoked", async () => {
  const tablet = vi.fn()
  await expect(revokeOthers(account({ phone: () => Promise.reject(OFFLINE), tablet }))).rejects.toBe(OFFLINE)
  expect(tablet).toHaveBeenCalledOnce()
})

test("an empty list is an error", async () => {
  await expect(revokeOthers(account({}, [], false))).rejects.toThrow("could not be listed")
})

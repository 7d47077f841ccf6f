import { expect, test } from "vitest"

import { Drafts, isText, type DraftStorage } from "./drafts"

class Memory implements DraftStorage {
  readonly entries = new Map<string, string>()
  readonly room: number
  constructor(room = Infinity) {
    this.room = room
  }
  get length() {
    return this.entries.size
  }
  key(index: number) {
    return [...this.entries.keys()][index] ?? null
  }
  getItem(key: string) {
    return this.entries.get(key) ?? null
  }
  setItem(key: string, value: string) {
    const others = [...this.entries].filter(([other]) => other !== key).reduce((sum, [, text]) => sum + text.length, 0)
    if (others + value.length > this.room) throw new DOMException("", "QuotaExceededError")
    this.entries.set(key, value)
  }
  removeItem(key: string) {
    this.entries.delete(key)
  }
}

test("a draft is read back with its time", () => {
  const drafts = new Drafts(new Memory(), () => 7)
  const key = drafts.key("user_1", "talk", "c")
  expect(drafts.write(key, "hello")).toBe(true)
  expect(drafts.read(key, isText)).toEqual({ value: "hello", savedAt: 7 })
  drafts.remove(key)
  expect(drafts.read(key, isText)).toBeNull()
})

test("users do not share keys, whatever their ids contain", () => {
  const drafts = new Drafts(new Memory())
  expect(drafts.key("a:b", "c")).not.toBe(drafts.key("a", "b:c"))
  expect(drafts.key("a", "b", "c")).not.toBe(drafts.key("a", "b:c"))
})

test.each([["null"], ["{"], ['{"value":3,"savedAt":1}'], ['{"value":"x"}'], ["[]"], ['"x"']])("%s is not a draft", (stored) => {
  const memory = new Memory()
  const drafts = new Drafts(memory)
  memory.setItem("k", stored)
  expect(drafts.read("k", isText)).toBeNull()
})

test("a full storage evicts only the oldest drafts", () => {
  const memory = new Memory(140)
  let now = 0
  const drafts = new Drafts(memory, () => ++now)
  memory.setItem("theme", "dark")
  drafts.write(drafts.key("u", "1"), "a".repeat(20))
  drafts.write(drafts.key("u", "2"), "b".repeat(20))
  expect(drafts.write(drafts.key("u", "3"), "c".repeat(60))).toBe(true)
  expect(drafts.read(drafts.key("u", "1"), isText)).toBeNull()
  expect(drafts.read(drafts.key("u", "3"), isText)?.value).toBe("c".repeat(60))
  expect(memory.getItem("theme")).toBe("dark")
})

test("a failed write returns false", () => {
  expect(new Drafts(new Memory(5)).write("k", "hello")).toBe(false)
  expect(new Drafts(null).write("k", "hello")).toBe(false)
  expect(new Drafts(null).read("k", isText)).toBeNull()
})

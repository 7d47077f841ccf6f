import { describe, expect, it } from "vitest"

import type { ConversationSummary, PersonaSummary } from "@/lib/wire"

import { commonTags, filterConversations, filterPersonas, plainPreview } from "./filter"

const persona = (id: string, name: string, tags: string[] = [], tagline = ""): PersonaSummary => ({
  id,
  name,
  tagline,
  tags,
  avatar_id: null,
  conversations: 0,
  updated_at: "2026-11-23T10:00:00Z",
})
const mira = persona("1", "Mira", ["sea", "quiet"], "Keeps a lighthouse")
const zoe = persona("2", "Zoë Brandt", ["teacher"])
const all = [mira, zoe]
const talk = ({ id, name, tagline, avatar_id }: PersonaSummary, preview: string): ConversationSummary => ({
  id: `c${id}`,
  persona: { id, name, tagline, avatar_id, deleted: false },
  preview,
  messages: 2,
  last_message_at: "2026-11-23T10:00:00Z",
})

describe("the dashboard's filter", () => {
  it.each([
    ["", null, ["Mira", "Zoë Brandt"]],
    ["zoe", null, ["Zoë Brandt"]],
    ["LIGHT mira", null, ["Mira"]],
    ["mira teacher", null, []],
    ["tea", null, ["Zoë Brandt"]],
    ["", "quiet", ["Mira"]],
    ["zoe", "quiet", []],
  ])("finds personas for %j with tag %j", (text, tag, names) => {
    expect(filterPersonas(all, { text, tag }).map(({ name }) => name)).toEqual(names)
  })

  it.each([
    ["storm", null, ["c1"]],
    ["zoe", null, ["c2"]],
    ["", "teacher", ["c2"]],
    ["storm", "teacher", []],
  ])("finds conversations for %j with tag %j", (text, tag, ids) => {
    const talks = [talk(mira, "A storm is coming"), talk(zoe, "Good morning")]
    expect(filterConversations(talks, all, { text, tag }).map(({ id }) => id)).toEqual(ids)
  })

  it("offers the most used tags first", () => {
    const many = [persona("3", "A", ["b", "c"]), persona("4", "B", ["c", "a"])]
    expect(commonTags(many, 2)).toEqual(["c", "a"])
  })

  it.each([
    ["*waves* **Hello** there", "waves Hello there"],
    ["# Title\n\n- one\n- two", "Title one two"],
    ["see [the map](https://example.org)", "see the map"],
    ["```rust\nfn main() {}\n```", "fn main() {}"],
    ["2 - 1 = 1, snake_case stays", "2 - 1 = 1, snake_case stays"],
  ])("shows %j as plain text", (markdown, plain) => {
    expect(plainPreview(markdown)).toBe(plain)
  })
})

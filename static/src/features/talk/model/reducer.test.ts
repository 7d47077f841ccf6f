import { describe, expect, test } from "vitest"

import { ApiError, type ProblemSlug } from "@/lib/api/errors"
import type { Conversation, GenerationInput, Message } from "@/lib/wire"

import { begin, reduce } from "./reducer"
import { canContinue, canRetry, newestStored, type TalkEvent, type TalkState } from "./state"

const AT = "2026-11-23T10:00:00Z"
const message = (id: string, role: Message["role"], content: string, status: Message["status"] = "done"): Message => ({
  id,
  role,
  status,
  content,
  created_at: AT,
})
const GREETING = message("greeting", "assistant", "Welcome.")

function conversation(messages: Message[] = [GREETING], more: Partial<Conversation> = {}): Conversation {
  const persona = { id: "p", name: "Mira", tagline: "", avatar_id: null, deleted: false }
  return { id: "c", persona, created_at: AT, messages, has_earlier: false, running: null, ...more }
}

const SEND: GenerationInput = { id: "g", kind: "send", after: "greeting", reply_id: "r", message: { id: "q", content: "Hello?" } }
const asked = (input: GenerationInput = SEND): TalkEvent => ({ type: "asked", input, at: AT })
const opened: TalkEvent = { type: "opened", generationId: "g" }
const delta = (seq: number, text: string): TalkEvent => ({ type: "streamed", generationId: "g", events: [{ type: "delta", seq, text }] })
const end = (seq: number, content: string, status: Message["status"] = "done"): TalkEvent => ({
  type: "streamed",
  generationId: "g",
  events: [{ type: "end", seq, end: { status, message_id: "r", content } }],
})
const problem = (slug: ProblemSlug, status: number) => new ApiError(slug, "Detail.", { status })
const failed = (slug: ProblemSlug, status: number): TalkEvent => ({ type: "failed", generationId: "g", error: problem(slug, status) })
const offline: TalkEvent = { type: "failed", generationId: "g", error: problem("network", 0) }
const stopping: TalkEvent = { type: "stopping", generationId: "g" }

/** What is on the screen, a line for each thing. */
function screen(state: TalkState): string[] {
  const lines = state.messages.map((one) => `${one.role} ${one.delivery ?? one.status}: ${one.content}`)
  if (state.reply) lines.push(`[${state.reply.phase}${state.reply.connected ? "" : ", reconnecting"}]`)
  if (state.trouble) lines.push(`! ${state.trouble.kind}`)
  if (state.returned) lines.push(`> ${state.returned.text}`)
  return lines
}
const after = (...events: TalkEvent[]) => events.reduce(reduce, begin(conversation()))

const HELLO = "user done: Hello?"
const WELCOME = "assistant done: Welcome."

describe("a message", () => {
  const cases: [name: string, events: TalkEvent[], screen: string[]][] = [
    ["is shown immediately", [asked()], [WELCOME, "user sending: Hello?", "assistant streaming: ", "[sending]"]],
    ["is stored when the server responds", [asked(), opened], [WELCOME, HELLO, "assistant streaming: ", "[thinking]"]],
    ["is answered by deltas", [asked(), opened, delta(1, "Oh"), delta(2, ", hi")], [WELCOME, HELLO, "assistant streaming: Oh, hi", "[writing]"]],
    ["is answered with the stored text", [asked(), opened, delta(1, "Oh"), end(2, "Oh!")], [WELCOME, HELLO, "assistant done: Oh!"]],
    ["is ignored during a reply", [asked(), asked({ ...SEND, id: "h", reply_id: "s" })], [WELCOME, "user sending: Hello?", "assistant streaming: ", "[sending]"]],
    ["ignores repeated events", [asked(), opened, delta(1, "Oh"), delta(1, "Oh"), delta(2, ".")], [WELCOME, HELLO, "assistant streaming: Oh.", "[writing]"]],
    ["that was not sent stays", [asked(), offline], [WELCOME, "user unsent: Hello?", "! unsent"]],
    ["stays when the model cannot be reached", [asked(), failed("model-unavailable", 503)], [WELCOME, "user unsent: Hello?", "! unsent"]],
    ["returns to the composer when the conversation was continued elsewhere", [asked(), failed("stale", 409)], [WELCOME, "! moved", "> Hello?"]],
    ["returns to the composer when another reply is running", [asked(), failed("busy", 409)], [WELCOME, "! moved", "> Hello?"]],
    ["returns to the composer when signed out", [asked(), failed("unauthenticated", 401)], [WELCOME, "! notice", "> Hello?"]],
    ["returns to the composer when it is rejected", [asked(), failed("invalid", 422)], [WELCOME, "! notice", "> Hello?"]],
    ["that was not sent can return to the composer", [asked(), offline, { type: "unsentTaken" }], [WELCOME, "> Hello?"]],
    ["that was not sent is shown after a reload", [{ type: "unsentFound", id: "q", content: "Hello?", at: AT }], [WELCOME, "user unsent: Hello?", "! unsent"]],
    ["that is sent again is shown once", [asked(), offline, asked({ ...SEND, id: "h" })], [WELCOME, "user sending: Hello?", "assistant streaming: ", "[sending]"]],
    ["keeps its reply when the stream breaks", [asked(), opened, delta(1, "Oh"), { type: "lost", generationId: "g" }], [WELCOME, HELLO, "assistant streaming: Oh", "[writing, reconnecting]"]],
    ["keeps the received text when the connection fails permanently", [asked(), opened, delta(1, "Oh"), offline], [WELCOME, HELLO, "assistant interrupted: Oh", "! lost"]],
    ["can have a refused reply", [asked(), opened, end(1, "I can", "refused")], [WELCOME, HELLO, "assistant refused: I can"]],
    ["keeps the partial text of an interrupted reply", [asked(), opened, delta(1, "half"), end(2, "half", "interrupted")], [WELCOME, HELLO, "assistant interrupted: half", "! reply"]],
  ]
  test.each(cases)("%s", (_name, events, lines) => {
    expect(screen(after(...events))).toEqual(lines)
  })

  test("that is stored is not shown as unsent", () => {
    const state = reduce(after(asked(), offline), { type: "loaded", conversation: conversation([GREETING, message("q", "user", "Hello?")]) })
    expect(screen(state)).toEqual([WELCOME, HELLO])
  })

  test("that is not stored stays unsent after a reload", () => {
    const state = reduce(after(asked(), offline), { type: "loaded", conversation: conversation() })
    expect(screen(state)).toEqual([WELCOME, "user unsent: Hello?", "! unsent"])
    expect(newestStored(state)?.id).toBe("greeting")
  })
})

describe("stop", () => {
  const writing = [asked(), opened, delta(1, "one "), delta(2, "two ")]
  const stopped: TalkEvent = { type: "stopped", generationId: "g", end: { status: "stopped", message_id: "r", content: "one two " } }
  const cases: [name: string, events: TalkEvent[], last: string[]][] = [
    ["freezes the shown text", [stopping, delta(3, "three ")], ["assistant streaming: one two ", "[stopping]"]],
    ["ends with the kept text", [stopping, delta(3, "three "), stopped], ["assistant stopped: one two "]],
    ["after the end shows the whole text", [stopping, delta(3, "three"), end(4, "one two three")], ["assistant done: one two three"]],
    ["that failed shows the held text", [stopping, delta(3, "three "), { type: "stopFailed", generationId: "g" }], ["assistant streaming: one two three ", "[writing]"]],
    ["whose response arrives after the end is ignored", [end(3, "one two done"), stopped], ["assistant done: one two done"]],
  ]
  test.each(cases)("%s", (_name, events, last) => {
    expect(screen(after(...writing, ...events)).slice(2)).toEqual(last)
  })

  test("a reply continues after a failed stop", () => {
    const state = after(...writing, stopping, delta(3, "three "), { type: "stopFailed", generationId: "g" }, delta(4, "four"))
    expect(state.messages.at(-1)?.content).toBe("one two three four")
  })
})

describe("retry and continue", () => {
  const partial = conversation([GREETING, message("q", "user", "Hello?"), message("r", "assistant", "half of ", "interrupted")])
  const retry: GenerationInput = { id: "g", kind: "retry", after: "r", reply_id: "s" }
  const more: GenerationInput = { id: "g", kind: "continue", after: "r", reply_id: "r" }
  const from = (...events: TalkEvent[]) => screen(events.reduce(reduce, begin(partial))).slice(2)
  test.each<[string, TalkEvent[], string[]]>([
    ["retry removes the earlier reply", [asked(retry)], ["assistant streaming: ", "[sending]"]],
    ["a failed retry restores it", [asked(retry), failed("unavailable", 503)], ["assistant interrupted: half of ", "! reply"]],
    ["continue appends to the text", [asked(more), opened, delta(1, "it")], ["assistant streaming: half of it", "[writing]"]],
    ["a failed continue keeps the text", [asked(more), failed("busy", 409)], ["assistant interrupted: half of ", "! moved"]],
    ["a continue that is stopped immediately keeps the text", [asked(more), opened, stopping, end(1, "half of ", "stopped")], ["assistant stopped: half of "]],
  ])("%s", (_name, events, lines) => {
    expect(from(...events)).toEqual(lines)
  })

  test("both are offered for an incomplete reply, neither for a greeting or a deleted persona", () => {
    const offered = (state: TalkState) => [canRetry(state), canContinue(state)]
    const gone = conversation(partial.messages, { persona: { ...partial.persona, deleted: true } })
    expect([partial, conversation(), gone].map((one) => offered(begin(one)))).toEqual([[true, true], [false, false], [false, false]])
  })
})

describe("the stored conversation", () => {
  const streaming = message("r", "assistant", "Oh, h", "streaming")
  const joining = (message: Message, seq: number) =>
    begin(conversation([GREETING, { ...GREETING, id: "q", role: "user", content: "Hello?" }, message], { running: { id: "g", message_id: "r", seq } }))
  const shownAfter = (state: TalkState, ...events: TalkEvent[]) => screen(events.reduce(reduce, state)).slice(2)

  test("with a running reply joins it after the last event in the stored text", () => {
    const state = joining(streaming, 2)
    expect(state.reply?.seq).toBe(2)
    expect(shownAfter(state)).toEqual(["assistant streaming: Oh, h", "[writing]"])
    expect(shownAfter(state, delta(3, "ello"))).toEqual(["assistant streaming: Oh, hello", "[writing]"])
    expect(shownAfter(state, delta(2, ", h"), delta(3, "ello"))).toEqual(["assistant streaming: Oh, hello", "[writing]"])
    expect(shownAfter(state, delta(3, "ello"), end(4, "Oh, hello."))).toEqual(["assistant done: Oh, hello."])
  })

  test("a continued reply that repeats a word of the existing text is joined correctly", () => {
    // "No. " exists and the reply adds "No!". Only the event number can distinguish the two "No".
    const fresh = joining(message("r", "assistant", "No. ", "streaming"), 0)
    expect(shownAfter(fresh, delta(1, "No"), delta(2, "!"))).toEqual(["assistant streaming: No. No!", "[writing]"])
    const later = joining(message("r", "assistant", "No. No", "streaming"), 1)
    expect(shownAfter(later, delta(2, "!"))).toEqual(["assistant streaming: No. No!", "[writing]"])
    expect(shownAfter(later, stopping, delta(2, "!"))).toEqual(["assistant streaming: No. No", "[stopping]"])
  })

  test("with a lost reply shows it as interrupted", () => {
    expect(screen(begin(conversation([streaming])))).toEqual(["assistant interrupted: Oh, h"])
  })

  test("does not overwrite a running reply", () => {
    const state = reduce(after(asked(), opened, delta(1, "Oh")), { type: "loaded", conversation: conversation() })
    expect(screen(state)).toEqual([WELCOME, HELLO, "assistant streaming: Oh", "[writing]"])
  })

  test("keeps loaded earlier messages", () => {
    const old = conversation([message("a", "user", "first")], { has_earlier: false })
    const start = begin(conversation([GREETING], { has_earlier: true }))
    const read = reduce(start, { type: "earlierLoaded", conversation: old })
    const again = reduce(read, { type: "loaded", conversation: conversation([GREETING, message("b", "user", "new")], { has_earlier: true }) })
    expect(screen(again)).toEqual(["user done: first", WELCOME, "user done: new"])
    expect(again.hasEarlier).toBe(false)
  })

  test("late words about another reply are not heard", () => {
    const state = after(asked(), opened, end(1, "Oh"))
    expect(reduce(state, delta(2, "late"))).toBe(state)
  })

  test("the end is announced once, in full sentences", () => {
    expect(after(asked(), opened, end(1, "Oh, hi.")).announcement).toBe("Mira replied: Oh, hi.")
    expect(after(asked(), opened, stopping, end(1, "", "stopped")).announcement).toBe("Mira was stopped.")
  })
})

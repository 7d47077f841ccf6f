import { describe, expect, test } from "vitest"

import { ApiError, type ProblemSlug } from "@/lib/api/errors"

import { followReply, type ReplyEvent } from "./stream"

/** An answer of these pieces, broken off with an error if `breaks`. */
function answer(pieces: (string | Uint8Array)[], breaks = false): Response {
  const encoder = new TextEncoder()
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = pieces.shift()
      if (piece !== undefined) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece)
      else if (breaks) controller.error(new TypeError("connection reset"))
      else controller.close()
    },
  })
  return new Response(stream)
}

const delta = (seq: number, text: string) => `id: ${seq}\nevent: delta\ndata: ${JSON.stringify({ text })}\n\n`
const end = (seq: number, content: string) =>
  `id: ${seq}\nevent: end\ndata: ${JSON.stringify({ status: "done", message_id: "m", content })}\n\n`

/** Follows a reply over these answers, one for each try. */
async function follow(answers: (Response | ApiError)[], after?: number) {
  const log: string[] = []
  const events: ReplyEvent[] = []
  const next = (what: string) => () => {
    log.push(what)
    const one = answers.shift()
    if (!one) throw new Error("asked once too often")
    return one instanceof ApiError ? Promise.reject(one) : Promise.resolve(one)
  }
  const source = { start: next("start"), resume: (seq: number) => next(`resume ${seq}`)() }
  const listener = { onOpen: () => {}, onLost: () => log.push("lost"), onEvents: (more: ReplyEvent[]) => events.push(...more) }
  const outcome = followReply(source, listener, new AbortController().signal, { ...(after && { after }), wait: async () => {} })
  const error = await outcome.then(() => null, (reason: unknown) => reason)
  const text = events.map((one) => (one.type === "delta" ? one.text : "")).join("")
  return { log, events, text, error }
}

const problem = (slug: ProblemSlug, status: number) => new ApiError(slug, slug, { status })
const slugOf = (error: unknown) => (error instanceof ApiError ? error.slug : error)

describe("a reply", () => {
  test("is read to its end", async () => {
    const { log, text, error } = await follow([answer([delta(1, "a"), delta(2, "b") + end(3, "ab")])])
    expect({ log, text, error }).toEqual({ log: ["start"], text: "ab", error: null })
  })

  test("can be split anywhere", async () => {
    const bytes = new TextEncoder().encode(`: heartbeat\n\n${delta(1, "Tschüß ")}${delta(2, "🐈\n")}: heartbeat\n\n${end(3, "")}`)
    const { text, error } = await follow([answer(Array.from(bytes, (_, at) => bytes.slice(at, at + 1)))])
    expect({ text, error }).toEqual({ text: "Tschüß 🐈\n", error: null })
  })

  test("is resumed after the last event", async () => {
    const { log, text } = await follow([answer([delta(1, "a"), delta(2, "b")], true), answer([delta(2, "b"), delta(3, "c"), end(4, "abc")])])
    expect({ log, text }).toEqual({ log: ["start", "lost", "resume 2"], text: "abc" })
  })

  test("continues after a stream without an end event", async () => {
    const { log, text } = await follow([answer([delta(1, "a")]), answer([end(2, "a")])])
    expect({ log, text }).toEqual({ log: ["start", "lost", "resume 1"], text: "a" })
  })

  test("is started again if the response is lost", async () => {
    const { log } = await follow([problem("unavailable", 503), answer([end(1, "")])])
    expect(log).toEqual(["start", "lost", "start"])
  })

  test("is resumed at a gap", async () => {
    const { log, text } = await follow([answer([delta(1, "a") + delta(3, "c")]), answer([delta(2, "b"), delta(3, "c"), end(4, "abc")])])
    expect({ log, text }).toEqual({ log: ["start", "lost", "resume 1"], text: "abc" })
  })

  test("that has ended can consist of the end event only, with any id", async () => {
    const { events, error } = await follow([answer([delta(1, "a"), delta(2, "b")], true), answer([end(1, "abc")])])
    expect({ last: events.at(-1), error }).toEqual({
      last: { type: "end", seq: 3, end: { status: "done", message_id: "m", content: "abc" } },
      error: null,
    })
  })

  test("can contain unknown events", async () => {
    const { text, error } = await follow([answer(["id: 1\nevent: usage\ndata: {}\n\n", delta(2, "a"), end(3, "a")])])
    expect({ text, error }).toEqual({ text: "a", error: null })
  })

  test.each<[ProblemSlug, number]>([["stale", 409], ["busy", 409], ["unauthenticated", 401], ["model-unavailable", 503], ["not-found", 404]])(
    "that is refused as %s is not asked for again",
    async (slug, status) => {
      const { log, error } = await follow([problem(slug, status)])
      expect({ log, slug: slugOf(error) }).toEqual({ log: ["start"], slug })
    },
  )

  test("fails after too many retries", async () => {
    const { error, log } = await follow(Array.from({ length: 20 }, () => problem("unavailable", 503)))
    expect(slugOf(error)).toBe("unavailable")
    expect(log.filter((line) => line === "start")).toHaveLength(9)
  })
})

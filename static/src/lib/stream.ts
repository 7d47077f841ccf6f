/**
 * Reads the event stream of a reply with `fetch`, because EventSource can neither POST nor send a bearer token.
 * Resumes after the last event when the connection breaks. A gap in the event ids counts as a broken connection,
 * and only an `end` event ends a reply.
 */
import { createParser, type EventSourceMessage } from "eventsource-parser"
import { ApiError, connectionError } from "@/lib/api/errors"
import { sleep } from "@/lib/api/client"
import type { EndEvent, Problem, ReplyEvents } from "@/lib/wire"

/** An event of a reply's stream. `seq` counts from 1. */
export type ReplyEvent =
  | { type: "delta"; seq: number; text: string }
  | { type: "reasoning"; seq: number; text: string }
  | { type: "problem"; seq: number; problem: Problem }
  | { type: "end"; seq: number; end: EndEvent }

/** `null` for an unknown event, which is counted and otherwise ignored. */
function replyEvent(event: EventSourceMessage, seq: number): ReplyEvent | null {
  switch (event.event) {
    case "delta":
    case "reasoning":
      return { type: event.event, seq, text: dataOf(event, event.event).text }
    case "error":
      return { type: "problem", seq, problem: dataOf(event, event.event) }
    case "end":
      return { type: "end", seq, end: dataOf(event, event.event) }
    default:
      return null
  }
}

/** The OpenAPI document defines the data of each event. */
function dataOf<Name extends keyof ReplyEvents>(event: EventSourceMessage, _name: Name): ReplyEvents[Name] {
  return JSON.parse(event.data)
}

/** Three missed heartbeats: the connection is dead. */
const SILENCE_MAX_MS = 45_000

/** The events of one response, in batches as they arrive. Throws when the connection breaks or is silent for too long. */
export async function* readEvents(response: Response, signal: AbortSignal, silenceMs = SILENCE_MAX_MS): AsyncGenerator<EventSourceMessage[]> {
  if (!response.body) return
  const reader = response.body.getReader()
  let events: EventSourceMessage[] = []
  const parser = createParser({ onEvent: (event) => events.push(event) })
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMs, signal)
      if (done) return
      parser.feed(decoder.decode(value, { stream: true }))
      if (events.length === 0) continue
      yield events
      events = []
    }
  } catch (cause) {
    throw signal.aborted ? signal.reason : connectionError(cause)
  } finally {
    // Not awaited: on a dead connection this may never settle.
    reader.cancel().catch(() => {})
  }
}

function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => settle(() => reject(signal.reason))
    const timer = setTimeout(() => settle(() => reject(new DOMException("", "TimeoutError"))), ms)
    const settle = (outcome: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener("abort", stop)
      outcome()
    }
    signal.addEventListener("abort", stop)
    promise.then((value) => settle(() => resolve(value)), (error: unknown) => settle(() => reject(error)))
  })
}

export interface ReplySource {
  /** Starts the reply; absent if it is already running. Called again if the response is lost. */
  start?: (signal: AbortSignal) => Promise<Response>
  /** Requests the events after `after`. */
  resume: (after: number, signal: AbortSignal) => Promise<Response>
}

export interface ReplyListener {
  /** A stream was opened. */
  onOpen: () => void
  onEvents: (events: ReplyEvent[]) => void
  /** The connection broke. A retry follows. */
  onLost: () => void
}

/** Retries without an event before giving up, in about 45 s. Not applied while offline. */
const TRIES_MAX = 8
const BACKOFF_MS = [300, 1_000, 2_000, 4_000, 8_000]

/**
 * Resolves when the reply has ended. Rejects with an `ApiError` if the stream fails permanently, or with the reason
 * of `signal`.
 */
export async function followReply(
  source: ReplySource,
  listener: ReplyListener,
  signal: AbortSignal,
  options: { after?: number; wait?: (tries: number, signal: AbortSignal) => Promise<void> } = {},
): Promise<void> {
  const wait = options.wait ?? backOff
  let seq = options.after ?? 0
  let { start } = source
  for (let tries = 0; ; ) {
    try {
      const response = await (start ? start(signal) : source.resume(seq, signal))
      start = undefined
      listener.onOpen()
      for await (const batch of readEvents(response, signal)) {
        const read = readBatch(batch, seq)
        tries = 0
        seq = read.seq
        if (read.events.length > 0) listener.onEvents(read.events)
        if (read.events.at(-1)?.type === "end") return
        if (read.gap) break
      }
      throw connectionError(new TypeError("the stream ended early"))
    } catch (error) {
      if (signal.aborted) throw signal.reason
      const again = error instanceof ApiError && error.isTransient && error.slug !== "model-unavailable"
      if (!again || (tries >= TRIES_MAX && navigatorOnline())) throw error
      tries += 1
      listener.onLost()
      await wait(tries, signal)
    }
  }
}

function readBatch(batch: EventSourceMessage[], after: number): { events: ReplyEvent[]; seq: number; gap: boolean } {
  const events: ReplyEvent[] = []
  let seq = after
  for (const raw of batch) {
    // For an ended reply the server sends only the end, with a new count.
    const number = raw.event === "end" ? Math.max(Number(raw.id), seq + 1) : Number(raw.id)
    // Received before the connection broke.
    if (number <= seq) continue
    if (number !== seq + 1 && raw.event !== "end") return { events, seq, gap: true }
    seq = number
    const event = replyEvent(raw, number)
    if (event) events.push(event)
    if (event?.type === "end") break
  }
  return { events, seq, gap: false }
}

function navigatorOnline(): boolean {
  return typeof navigator === "undefined" || navigator.onLine !== false
}

/** Waits longer with every retry. Going online or returning to the page ends the wait. */
async function backOff(tries: number, signal: AbortSignal): Promise<void> {
  const early = new AbortController()
  const wake = () => early.abort()
  const visible = () => document.visibilityState === "visible" && wake()
  window.addEventListener("online", wake)
  document.addEventListener("visibilitychange", visible)
  try {
    const ms = navigatorOnline() ? (BACKOFF_MS[tries - 1] ?? BACKOFF_MS.at(-1) ?? 0) : 60_000
    await sleep(ms, AbortSignal.any([signal, early.signal]))
  } catch {
    if (signal.aborted) throw signal.reason
  } finally {
    window.removeEventListener("online", wake)
    document.removeEventListener("visibilitychange", visible)
  }
}

/**
 * Follows a reply while it is written: reads server-sent events from `fetch` (EventSource can neither
 * POST nor carry a bearer token), and takes up the thread behind the last event when the line breaks.
 * It never guesses: a missing number is a broken line, and only an `end` ends a reply.
 */
import { ApiError, connectionError } from "@/lib/api/errors"
import { sleep } from "@/lib/api/client"
import type { EndEvent, Problem, ReplyEvents } from "@/lib/wire"

export interface ServerEvent {
  id: string
  event: string
  data: string
}

/** An incremental parser of `text/event-stream` (WHATWG HTML, 9.2.6). Comments are dropped. */
export class SseParser {
  #rest = ""
  #started = false
  #id = ""
  #event = ""
  #data: string[] = []

  /** Takes decoded text in pieces of any size; answers the events that are complete. */
  push(text: string): ServerEvent[] {
    let input = this.#rest + text
    if (!this.#started && input !== "") {
      this.#started = true
      if (input.startsWith("\uFEFF")) input = input.slice(1)
    }
    const events: ServerEvent[] = []
    let from = 0
    for (;;) {
      const end = lineEnd(input, from)
      if (end === null) break
      this.#line(input.slice(from, end.at), events)
      from = end.next
    }
    this.#rest = input.slice(from)
    return events
  }

  #line(line: string, events: ServerEvent[]): void {
    if (line === "") return this.#dispatch(events)
    const colon = line.indexOf(":")
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? "" : line.slice(line[colon + 1] === " " ? colon + 2 : colon + 1)
    if (field === "data") this.#data.push(value)
    else if (field === "event") this.#event = value
    else if (field === "id" && !value.includes("\0")) this.#id = value
  }

  #dispatch(events: ServerEvent[]): void {
    if (this.#data.length > 0) {
      events.push({ id: this.#id, event: this.#event || "message", data: this.#data.join("\n") })
    }
    this.#event = ""
    this.#data = []
  }
}

/** The next line's end. A CR at the very end waits: an LF may follow in the next piece. */
function lineEnd(input: string, from: number): { at: number; next: number } | null {
  for (let at = from; at < input.length; at++) {
    if (input[at] === "\n") return { at, next: at + 1 }
    if (input[at] === "\r") {
      if (at + 1 === input.length) return null
      return { at, next: input[at + 1] === "\n" ? at + 2 : at + 1 }
    }
  }
  return null
}

/** What a reply's stream says. `seq` counts every event from 1. */
export type ReplyEvent =
  | { type: "delta"; seq: number; text: string }
  | { type: "reasoning"; seq: number; text: string }
  | { type: "problem"; seq: number; problem: Problem }
  | { type: "end"; seq: number; end: EndEvent }

/** `null` for an event of a later version, which is counted and otherwise passed over. */
function replyEvent(event: ServerEvent, seq: number): ReplyEvent | null {
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

/** The document says what the data of an event of this name is. */
function dataOf<Name extends keyof ReplyEvents>(event: ServerEvent, _name: Name): ReplyEvents[Name] {
  return JSON.parse(event.data)
}

/** Three missed heartbeats: the line is dead though nobody said so. */
const SILENCE_MAX_MS = 45_000

/** The events of one answer, in batches as they arrive. Throws when the line breaks or goes silent. */
export async function* readEvents(response: Response, signal: AbortSignal, silenceMs = SILENCE_MAX_MS): AsyncGenerator<ServerEvent[]> {
  if (!response.body) return
  const reader = response.body.getReader()
  const parser = new SseParser()
  const decoder = new TextDecoder()
  try {
    for (;;) {
      const { done, value } = await within(reader.read(), silenceMs, signal)
      if (done) return
      const events = parser.push(decoder.decode(value, { stream: true }))
      if (events.length > 0) yield events
    }
  } catch (cause) {
    throw signal.aborted ? signal.reason : connectionError(cause)
  } finally {
    // Not awaited: on a dead line this may never settle.
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
  /** Asks for the reply; absent when it is already being written. May be called again after a lost answer. */
  start?: (signal: AbortSignal) => Promise<Response>
  /** The events behind number `after`. */
  resume: (after: number, signal: AbortSignal) => Promise<Response>
}

export interface ReplyListener {
  /** A stream is open (again). */
  onOpen: () => void
  onEvents: (events: ReplyEvent[]) => void
  /** The line broke; another try follows. */
  onLost: () => void
}

/** Tries in a row without one event before giving up, about three quarters of a minute. Being offline does not count. */
const TRIES_MAX = 8
const BACKOFF_MS = [300, 1_000, 2_000, 4_000, 8_000]

/**
 * Resolves when the reply has ended. Rejects with an `ApiError` when it cannot be followed any further,
 * or with the reason of `signal`.
 */
export async function followReply(
  source: ReplySource,
  listener: ReplyListener,
  signal: AbortSignal,
  options: { after?: number; wait?: (tries: number, signal: AbortSignal) => Promise<void> } = {},
): Promise<void> {
  const wait = options.wait ?? waitForLine
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
      throw connectionError(new TypeError("the stream broke off"))
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

function readBatch(batch: ServerEvent[], after: number): { events: ReplyEvent[]; seq: number; gap: boolean } {
  const events: ReplyEvent[] = []
  let seq = after
  for (const raw of batch) {
    // A reply that ended while nobody listened is told by its end alone, whose count begins anew.
    const number = raw.event === "end" ? Math.max(Number(raw.id), seq + 1) : Number(raw.id)
    // Seen before the line broke.
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

/** Waits longer with every try; coming online or back to the page ends the wait at once. */
async function waitForLine(tries: number, signal: AbortSignal): Promise<void> {
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

/**
 * The API client: openapi-fetch with the generated types, a session token on every request, timeouts, retries of
 * idempotent requests, and one error type.
 */
import createClient, { type Client } from "openapi-fetch"

import type { paths } from "@/lib/wire"

import { ApiError, connectionError, errorFromAnswer, isAbort, signedOutError } from "./errors"
import { emitSignedOut } from "./session"
import { sendWithProgress } from "./upload"

/** Clerk's `getToken`. */
export type TokenSource = (options?: { skipCache?: boolean }) => Promise<string | null>

/** `fetch` or a replacement. */
export type Transport = (request: Request) => Promise<Response>

/** The typed client. */
export type Http = Client<paths>

/** The result of openapi-fetch: `data` or `error`. */
interface Answered {
  data?: unknown
  error?: unknown
  response: Response
}

type Success<Answer> = Extract<Answer, { error?: never }>

type Ask<Answer> = (http: Http) => Promise<Answer>

const TIMEOUT_MS = 15_000
const HEADERS_TIMEOUT_MS = 30_000
const RETRY_DELAYS_MS = [400, 1_200]
/** The longest `retry-after` that is retried automatically. */
const RETRY_AFTER_MAX_S = 4

export class ApiClient {
  readonly #token: TokenSource
  readonly #transport: Transport
  readonly #origin: string

  constructor(token: TokenSource, transport: Transport = (request) => fetch(request), origin: string = globalThis.location?.origin) {
    this.#token = token
    this.#transport = transport
    this.#origin = origin
  }

  /** Sends an idempotent request, with retries. Resolves to its data (`undefined` for 204). */
  async repeat<Answer extends Answered>(ask: Ask<Answer>, signal?: AbortSignal): Promise<Success<Answer>["data"]> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(ask)
      } catch (error) {
        const delay = RETRY_DELAYS_MS[attempt]
        if (delay === undefined || !isRetryable(error)) throw error
        await sleep((error.retryAfter ?? 0) * 1_000 || delay, signal)
      }
    }
  }

  /** Sends a request without retries. */
  async once<Answer extends Answered>(ask: Ask<Answer>): Promise<Success<Answer>["data"]> {
    return (await this.#ask(this.#client("application/json", withTimeout(this.#transport)), ask)).data
  }

  /** Opens a streamed response: `ask` passes `parseAs: "stream"`. Resolves when the headers arrive. */
  async open<Answer extends Answered>(ask: Ask<Answer>): Promise<Response> {
    return (await this.#ask(this.#client("text/event-stream", withHeadersTimeout(this.#transport)), ask)).response
  }

  /** Sends a file and reports the sent share (0 to 1). */
  async upload<Answer extends Answered>(ask: Ask<Answer>, onProgress: (share: number) => void): Promise<Success<Answer>["data"]> {
    const transport: Transport = (request) => sendWithProgress(request, onProgress)
    return (await this.#ask(this.#client("application/json", transport), ask)).data
  }

  async #ask<Answer extends Answered>(http: Http, ask: Ask<Answer>): Promise<Success<Answer>> {
    let answer: Answer
    try {
      answer = await ask(http)
    } catch (cause) {
      throw isAbort(cause) || cause instanceof ApiError ? cause : connectionError(cause)
    }
    if (succeeded(answer)) return answer
    if (answer.response.status === 401) emitSignedOut()
    throw errorFromAnswer(answer.response, answer.error)
  }

  #client(accept: string, transport: Transport): Http {
    const fetch: Transport = async (request) => {
      const again = request.clone()
      const response = await transport(await this.#signed(request, false))
      // The cached token may have expired on the way: retry once with a new one.
      return response.status === 401 ? transport(await this.#signed(again, true)) : response
    }
    return createClient<paths>({ baseUrl: this.#origin, cache: "no-store", fetch, headers: { accept } })
  }

  async #signed(request: Request, skipCache: boolean): Promise<Request> {
    const token = await this.#token(skipCache ? { skipCache } : undefined)
    if (token === null) {
      emitSignedOut()
      throw signedOutError()
    }
    request.headers.set("authorization", `Bearer ${token}`)
    return request
  }
}

function succeeded<Answer extends Answered>(answer: Answer): answer is Success<Answer> {
  return answer.response.ok
}

function withTimeout(transport: Transport): Transport {
  return (request) =>
    transport(new Request(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(TIMEOUT_MS)]) }))
}

function withHeadersTimeout(transport: Transport): Transport {
  return async (request) => {
    const headers = new AbortController()
    const timer = setTimeout(() => headers.abort(new DOMException("", "TimeoutError")), HEADERS_TIMEOUT_MS)
    try {
      return await transport(new Request(request, { signal: AbortSignal.any([request.signal, headers.signal]) }))
    } finally {
      clearTimeout(timer)
    }
  }
}

function isRetryable(error: unknown): error is ApiError {
  return error instanceof ApiError && error.isTransient && error.slug !== "offline" && (error.retryAfter ?? 0) <= RETRY_AFTER_MAX_S
}

/** Waits, or rejects when `signal` is aborted. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const end = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", end)
      resolve()
    }, ms)
    signal?.addEventListener("abort", end, { once: true })
  })
}

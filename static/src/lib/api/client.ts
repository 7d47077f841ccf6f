/**
 * The one way to the API: a session token on every request, a limit on every wait, one error type.
 * It knows no routes and never retries a request that may not be sent twice.
 */
import { ApiError, connectionError, errorFromBody, isAbort, signedOutError } from "./errors"
import { emitSignedOut } from "./session"
import { postBytes } from "./upload"

/** Clerk's `getToken`. */
export type TokenSource = (options?: { skipCache?: boolean }) => Promise<string | null>

export type Method = "GET" | "POST" | "PUT" | "DELETE"

export interface RequestOptions {
  body?: unknown
  signal?: AbortSignal
  timeoutMs?: number
  /** Whether the same request may be sent again after a lost answer. GET and DELETE always may. */
  repeatable?: boolean
}

const TIMEOUT_MS = 15_000
const RETRY_DELAYS_MS = [400, 1_200]
/** A longer wait is the person's decision, not ours. */
const RETRY_AFTER_MAX_S = 4

export class ApiClient {
  readonly #token: TokenSource
  readonly #fetch: typeof fetch

  constructor(token: TokenSource, fetcher: typeof fetch = (input, init) => fetch(input, init)) {
    this.#token = token
    this.#fetch = fetcher
  }

  /** Sends JSON, answers JSON (`undefined` for 204). */
  async json<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
    const repeatable = options.repeatable ?? (method === "GET" || method === "DELETE")
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once<T>(method, path, options)
      } catch (error) {
        const delay = RETRY_DELAYS_MS[attempt]
        if (!repeatable || delay === undefined || !worthAnotherTry(error)) throw error
        await sleep((error.retryAfter ?? 0) * 1_000 || delay, options.signal)
      }
    }
  }

  /** Opens an answer that is read as it comes. Rejects like `json`, but waits for the headers only. */
  async open(method: Method, path: string, options: RequestOptions & { headers?: Record<string, string> } = {}): Promise<Response> {
    const headers = new AbortController()
    const timer = setTimeout(() => headers.abort(new DOMException("", "TimeoutError")), options.timeoutMs ?? 30_000)
    const signal = options.signal ? AbortSignal.any([options.signal, headers.signal]) : headers.signal
    try {
      return await this.#send(method, path, { ...options, signal }, { accept: "text/event-stream", ...options.headers })
    } finally {
      clearTimeout(timer)
    }
  }

  /** Sends a file with progress (0 to 1) and answers JSON. */
  async upload<T>(path: string, file: Blob, options: { signal?: AbortSignal; onProgress?: (share: number) => void } = {}): Promise<T> {
    const send = async (fresh: boolean) => postBytes(path, file, { ...options, token: await this.#bearer(fresh) })
    let answer = await send(false)
    if (answer.status === 401) answer = await send(true)
    if (answer.status < 200 || answer.status > 299) this.#fail(errorFromBody(answer.status, answer.body, answer.retryAfter))
    return JSON.parse(answer.body) as T
  }

  async #once<T>(method: Method, path: string, options: RequestOptions): Promise<T> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS)
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout
    const response = await this.#send(method, path, { ...options, signal }, { accept: "application/json" })
    if (response.status === 204) return undefined as T
    try {
      return (await response.json()) as T
    } catch (cause) {
      throw isAbort(cause) ? cause : connectionError(cause)
    }
  }

  async #send(method: Method, path: string, options: RequestOptions, headers: Record<string, string>): Promise<Response> {
    let response = await this.#attempt(method, path, options, headers, false)
    // The cached token may have run out between two looks at the clock: one fresh one, then it is final.
    if (response.status === 401) response = await this.#attempt(method, path, options, headers, true)
    if (response.ok) return response
    const body = await response.text().catch(() => "")
    return this.#fail(errorFromBody(response.status, body, response.headers.get("retry-after")))
  }

  async #attempt(method: Method, path: string, options: RequestOptions, extra: Record<string, string>, fresh: boolean): Promise<Response> {
    const headers: Record<string, string> = { ...extra, authorization: `Bearer ${await this.#bearer(fresh)}` }
    const init: RequestInit = { method, headers, cache: "no-store" }
    if (options.signal) init.signal = options.signal
    if (options.body !== undefined) {
      headers["content-type"] = "application/json"
      init.body = JSON.stringify(options.body)
    }
    try {
      return await this.#fetch(path, init)
    } catch (cause) {
      throw isAbort(cause) ? cause : connectionError(cause)
    }
  }

  async #bearer(skipCache: boolean): Promise<string> {
    let token: string | null
    try {
      token = await this.#token(skipCache ? { skipCache } : undefined)
    } catch (cause) {
      throw connectionError(cause)
    }
    return token ?? this.#fail(signedOutError())
  }

  #fail(error: ApiError): never {
    if (error.status === 401) emitSignedOut()
    throw error
  }
}

function worthAnotherTry(error: unknown): error is ApiError {
  return error instanceof ApiError && error.isTransient && error.slug !== "offline" && (error.retryAfter ?? 0) <= RETRY_AFTER_MAX_S
}

/** Waits, or rejects as soon as `signal` is raised. */
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

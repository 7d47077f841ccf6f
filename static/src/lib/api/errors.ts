/** What can go wrong on the way to the API, as one typed error whose message a person can read. */
import type { FieldError, Problem } from "@/lib/wire"

/** The end of a problem's `type`; `network`, `offline` and `timeout` are made here, never by the server. */
export type ProblemSlug =
  | "unauthenticated"
  | "not-found"
  | "method-not-allowed"
  | "malformed"
  | "invalid"
  | "too-large"
  | "unsupported-media-type"
  | "conflict"
  | "stale"
  | "busy"
  | "gone"
  | "limit-reached"
  | "too-many"
  | "unavailable"
  | "model-unavailable"
  | "internal"
  | "network"
  | "offline"
  | "timeout"

const PREFIX = "urn:persona:problem:"

/** A request that did not succeed. `message` is a sentence for the person in front of the screen. */
export class ApiError extends Error {
  readonly problem: Problem
  /** Seconds until another try makes sense, where the server said so. */
  readonly retryAfter: number | null

  constructor(problem: Problem, options: { cause?: unknown; retryAfter?: number | null } = {}) {
    super(problem.detail || problem.title, { cause: options.cause })
    this.name = "ApiError"
    this.problem = problem
    this.retryAfter = options.retryAfter ?? null
  }

  get slug(): ProblemSlug {
    return this.problem.type.slice(PREFIX.length) as ProblemSlug
  }

  get status(): number {
    return this.problem.status
  }

  get fieldErrors(): readonly FieldError[] {
    return this.problem.errors ?? []
  }

  /** Whether the request may never have reached the server. */
  get isConnection(): boolean {
    return this.status === 0
  }

  /** Whether the same request may succeed a moment later. */
  get isTransient(): boolean {
    return this.isConnection || this.status === 502 || this.status === 503 || this.status === 504
  }

  /** What to quote when asking for help. */
  get reference(): string | null {
    return this.problem.instance ? this.problem.instance.replace("urn:uuid:", "") : null
  }
}

/** Whether `error` is a problem of this kind. */
export function isProblem(error: unknown, ...slugs: ProblemSlug[]): error is ApiError {
  return error instanceof ApiError && slugs.includes(error.slug)
}

/** The sentence to show for anything that was thrown. */
export function sentence(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong on this page. Please try again."
}

/** Whether somebody asked for this request to end. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError"
}

function local(slug: ProblemSlug, title: string, detail: string, status = 0): Problem {
  return { type: PREFIX + slug, title, status, detail, instance: "" }
}

/** The error for a request that got no answer. */
export function connectionError(cause: unknown): ApiError {
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return new ApiError(local("timeout", "No answer", "The server took too long to answer. Please try again."), { cause })
  }
  if (typeof navigator !== "undefined" && navigator.onLine === false) {
    return new ApiError(local("offline", "Offline", "You are offline. This works again once you are connected."), { cause })
  }
  return new ApiError(
    local("network", "No connection", "The server could not be reached. Check your connection and try again."),
    { cause },
  )
}

/** The error for somebody who is not signed in (any more). */
export function signedOutError(): ApiError {
  return new ApiError(local("unauthenticated", "Signed out", "You are signed out. Sign in to go on.", 401))
}

const BY_STATUS: Record<number, [ProblemSlug, string]> = {
  400: ["malformed", "The request could not be understood."],
  401: ["unauthenticated", "You are signed out. Sign in to go on."],
  402: ["limit-reached", "You have reached a limit. Delete something to make room."],
  404: ["not-found", "There is nothing here."],
  409: ["conflict", "Something changed in the meantime."],
  410: ["gone", "This is no longer there."],
  413: ["too-large", "That is too large."],
  415: ["unsupported-media-type", "That kind of file cannot be used."],
  429: ["too-many", "That was too much at once. Please try again later."],
  502: ["unavailable", "The service is briefly unavailable. Please try again."],
  503: ["unavailable", "The service is briefly unavailable. Please try again."],
  504: ["unavailable", "The service is briefly unavailable. Please try again."],
}

/** The error for an answer that is not a success: its problem document, or one made from the status alone. */
export function errorFromBody(status: number, body: string, retryAfterHeader: string | null): ApiError {
  const seconds = retryAfterHeader === null ? NaN : Number(retryAfterHeader)
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds : null
  const problem = parseProblem(body)
  if (problem) return new ApiError(problem, { retryAfter })
  const [slug, detail] = BY_STATUS[status] ?? ["internal", "Something went wrong on our side. Please try again."]
  return new ApiError(local(slug, detail, detail, status), { retryAfter })
}

function parseProblem(body: string): Problem | null {
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value !== "object" || value === null) return null
    const { type, status, detail } = value as Partial<Problem>
    const known = typeof type === "string" && type.startsWith(PREFIX) && typeof status === "number" && typeof detail === "string"
    return known ? (value as Problem) : null
  } catch {
    return null
  }
}

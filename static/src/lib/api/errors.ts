/** The error type of API requests, with a message for the user. */
import { PROBLEM_TYPES, type FieldError, type Problem, type ProblemType } from "@/lib/wire"

type SlugOf<Type> = Type extends `urn:persona:problem:${infer Slug}` ? Slug : never

/** The end of a problem's `type`. The client adds `network`, `offline` and `timeout`. */
export type ProblemSlug = SlugOf<ProblemType> | "network" | "offline" | "timeout"

const SLUGS: ReadonlyMap<string, ProblemSlug> = new Map(PROBLEM_TYPES.map((type) => [type, slugOf(type)]))

function slugOf<Slug extends string>(type: `urn:persona:problem:${Slug}`): Slug
function slugOf(type: string): string {
  return type.slice("urn:persona:problem:".length)
}

interface Details {
  /** The HTTP status; 0 without a response. */
  status: number
  /** The thrown value. */
  cause?: unknown
  /** `Retry-After` in seconds, if the server sent it. */
  retryAfter?: number | null
  fieldErrors?: readonly FieldError[] | undefined
  /** The request's id in the server's log. */
  reference?: string
}

/** A failed request. `message` is for the user. */
export class ApiError extends Error {
  readonly slug: ProblemSlug
  readonly status: number
  readonly retryAfter: number | null
  readonly fieldErrors: readonly FieldError[]
  /** The request's id, to quote in reports. */
  readonly reference: string | null

  constructor(slug: ProblemSlug, message: string, details: Details) {
    super(message, { cause: details.cause })
    this.name = "ApiError"
    this.slug = slug
    this.status = details.status
    this.retryAfter = details.retryAfter ?? null
    this.fieldErrors = details.fieldErrors ?? []
    this.reference = details.reference ?? null
  }

  /** Whether there was no response. The request may not have reached the server. */
  get isConnection(): boolean {
    return this.status === 0
  }

  /** Whether a retry can succeed. */
  get isTransient(): boolean {
    return this.isConnection || this.status === 502 || this.status === 503 || this.status === 504
  }
}

/** Whether `error` is a problem of this kind. */
export function isProblem(error: unknown, ...slugs: ProblemSlug[]): error is ApiError {
  return error instanceof ApiError && slugs.includes(error.slug)
}

/** The message to show for any thrown value. */
export function sentence(error: unknown): string {
  return error instanceof ApiError ? error.message : "Something went wrong on this page. Please try again."
}

/** Whether the request was aborted. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError"
}

/** The error for a request without a response. */
export function connectionError(cause: unknown): ApiError {
  const details = { status: 0, cause }
  if (cause instanceof DOMException && cause.name === "TimeoutError") {
    return new ApiError("timeout", "The server took too long to answer. Please try again.", details)
  }
  if (typeof navigator !== "undefined" && navigator.onLine === false) {
    return new ApiError("offline", "You are offline. Try again when you are connected.", details)
  }
  return new ApiError("network", "The server could not be reached. Check your connection and try again.", details)
}

/** The error for a missing or expired session. */
export function signedOutError(): ApiError {
  return new ApiError("unauthenticated", "You are signed out. Sign in to continue.", { status: 401 })
}

const BY_STATUS: Record<number, [ProblemSlug, string]> = {
  400: ["malformed", "The request is malformed."],
  401: ["unauthenticated", "You are signed out. Sign in to continue."],
  402: ["limit-reached", "You have reached a limit. Delete something to make room."],
  404: ["not-found", "This does not exist."],
  409: ["conflict", "Something changed in the meantime."],
  410: ["gone", "This no longer exists."],
  408: ["too-slow", "The request took too long to arrive. Check your connection, then try again."],
  413: ["too-large", "The request is too large."],
  415: ["unsupported-media-type", "This file type is not supported."],
  429: ["too-many", "Too many requests. Please try again later."],
  502: ["unavailable", "The service is briefly unavailable. Please try again."],
  503: ["unavailable", "The service is briefly unavailable. Please try again."],
  504: ["unavailable", "The service is briefly unavailable. Please try again."],
}

/** The error for a response with an error status, from the JSON or text of its body. */
export function errorFromAnswer({ status, headers }: Response, body: unknown): ApiError {
  const seconds = Number(headers.get("retry-after") ?? NaN)
  const retryAfter = Number.isFinite(seconds) && seconds >= 0 ? seconds : null
  if (isProblemDocument(body)) return errorFromProblem(body, retryAfter)
  const [slug, detail] = BY_STATUS[status] ?? ["internal", "Something went wrong on the server. Please try again."]
  return new ApiError(slug, detail, { status, retryAfter })
}

function errorFromProblem(problem: Problem, retryAfter: number | null): ApiError {
  return new ApiError(SLUGS.get(problem.type) ?? "internal", problem.detail, {
    status: problem.status,
    retryAfter,
    fieldErrors: problem.errors,
    reference: problem.instance.replace("urn:uuid:", ""),
  })
}

function isProblemDocument(value: unknown): value is Problem {
  if (typeof value !== "object" || value === null) return false
  const has = (name: string, type: string) => typeof Reflect.get(value, name) === type
  const type: unknown = Reflect.get(value, "type")
  return typeof type === "string" && SLUGS.has(type) && has("status", "number") && has("detail", "string") && has("instance", "string")
}

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest"

import { ApiClient, type Http } from "./client"
import { ApiError, sentence } from "./errors"
import { onSignedOut } from "./session"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const problem = (slug: string, status: number, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ type: `urn:persona:problem:${slug}`, title: "", status, detail: `${slug}.`, instance: "urn:uuid:1" }), { status, headers })
const ok = () => Response.json({ ok: true })

/** Calls the API with these responses; a string is a connection error. */
async function call(answers: (Response | string)[], run: (api: ApiClient) => Promise<unknown>, tokens: (string | null)[] = ["old", "new"]) {
  const sent: string[] = []
  let signedOut = 0
  const off = onSignedOut(() => (signedOut += 1))
  const transport = async (request: Request) => {
    sent.push(`${request.method} ${new URL(request.url).pathname} ${request.headers.get("authorization")}`)
    const answer = answers.shift()
    if (answer instanceof Response) return answer
    throw new TypeError(answer)
  }
  const token = async (options?: { skipCache?: boolean }) => (options?.skipCache ? (tokens[1] ?? null) : (tokens[0] ?? null))
  const api = new ApiClient(token, transport, "http://persona.test")
  const outcome = run(api).catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  off()
  return { outcome: await outcome, sent, signedOut }
}
const get = (api: ApiClient) => api.repeat((http) => http.GET("/api/me"))
const slugOf = (outcome: unknown) => (outcome instanceof ApiError ? outcome.slug : outcome)

describe("a session", () => {
  test("that the server rejects is retried once with a new token", async () => {
    const { outcome, sent, signedOut } = await call([problem("unauthenticated", 401), ok()], get)
    expect({ outcome, sent, signedOut }).toEqual({ outcome: { ok: true }, sent: ["GET /api/me Bearer old", "GET /api/me Bearer new"], signedOut: 0 })
  })

  test("that is rejected again is over, and listeners are notified", async () => {
    const { outcome, signedOut } = await call([problem("unauthenticated", 401), problem("unauthenticated", 401)], get)
    expect({ slug: slugOf(outcome), signedOut }).toEqual({ slug: "unauthenticated", signedOut: 1 })
  })

  test("that does not exist sends no request", async () => {
    const { outcome, sent, signedOut } = await call([], get, [null, null])
    expect({ slug: slugOf(outcome), sent, signedOut }).toEqual({ slug: "unauthenticated", sent: [], signedOut: 1 })
  })
})

describe("a lost response", () => {
  const ask = (http: Http) => http.POST("/api/personas", { body: { card: { name: "Mira" } } })
  const post = (repeatable: boolean) => (api: ApiClient) => (repeatable ? api.repeat(ask) : api.once(ask))
  test.each<[string, (Response | string)[], (api: ApiClient) => Promise<unknown>, number, unknown]>([
    ["is retried when reading", ["reset", ok()], get, 2, { ok: true }],
    ["is retried while the service is unavailable", [problem("unavailable", 503), ok()], get, 2, { ok: true }],
    ["is given up after three tries", ["reset", "reset", "reset", ok()], get, 3, "network"],
    ["is retried if the request is idempotent", ["reset", ok()], post(true), 2, { ok: true }],
    ["is not retried if the request is not idempotent", ["reset", ok()], post(false), 1, "network"],
    ["is not retried if retry-after is long", [problem("unavailable", 503, { "retry-after": "60" }), ok()], get, 1, "unavailable"],
  ])("%s", async (_name, answers, run, tries, outcome) => {
    const result = await call(answers, run)
    expect({ outcome: slugOf(result.outcome), tries: result.sent.length }).toEqual({ outcome, tries })
  })

  test("a client error is not retried", async () => {
    const { outcome, sent } = await call([problem("invalid", 422), ok()], get)
    expect({ slug: slugOf(outcome), tries: sent.length }).toEqual({ slug: "invalid", tries: 1 })
  })
})

const path = { id: "0199d2a0-0000-7000-8000-000000000001" }
const put = (http: Http) => http.PUT("/api/personas/{id}", { params: { path }, body: { card: { name: "Mira" } } })

test("every failure has a message for users", async () => {
  const sentences = await Promise.all(
    [[problem("stale", 409)], [new Response("<html>", { status: 500 })], [new Response("", { status: 413 })]].map(
      async (answers) => sentence((await call(answers, (api) => api.once(put))).outcome),
    ),
  )
  expect(sentences).toEqual(["stale.", "Something went wrong on the server. Please try again.", "The request is too large."])
  expect(sentence(new TypeError("x is undefined"))).toBe("Something went wrong on this page. Please try again.")
})

test("an empty response is not an error", async () => {
  const { outcome } = await call([new Response(null, { status: 204 })], (api) => api.once((http) => http.DELETE("/api/personas/{id}", { params: { path } })))
  expect(outcome).toBeUndefined()
})

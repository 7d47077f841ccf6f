/** The routes of replies. */
import type { Conversation, EndEvent, GenerationInput } from "@/lib/wire"

import type { ApiClient } from "./client"

/** Requests a reply and returns its event stream. Repeating the request joins the same reply. */
export function postGeneration(api: ApiClient, conversationId: string, input: GenerationInput, signal: AbortSignal): Promise<Response> {
  const params = { path: { id: conversationId } }
  return api.open((http) => http.POST("/api/conversations/{id}/generations", { params, body: input, signal, parseAs: "stream" }))
}

/** The event stream of a reply after event `after` (0: from the beginning). */
export function openEvents(api: ApiClient, generationId: string, after: number, signal: AbortSignal): Promise<Response> {
  const params = { path: { id: generationId }, header: after > 0 ? { "Last-Event-ID": after } : {} }
  return api.open((http) => http.GET("/api/generations/{id}/events", { params, signal, parseAs: "stream" }))
}

/** Stops a reply and keeps its first `seenChars` code points. */
export function stopGeneration(api: ApiClient, generationId: string, seenChars: number): Promise<EndEvent> {
  const params = { path: { id: generationId } }
  return api.repeat((http) => http.POST("/api/generations/{id}/stop", { params, body: { seen_chars: seenChars } }))
}

/** The stored conversation: its newest messages, or those before `before`. */
export function readConversation(api: ApiClient, id: string, options: { before?: string; signal?: AbortSignal } = {}): Promise<Conversation> {
  const { before, signal } = options
  const params = { path: { id }, query: before === undefined ? {} : { before } }
  return api.repeat((http) => http.GET("/api/conversations/{id}", { params, signal }), signal)
}

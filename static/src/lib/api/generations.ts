/** The routes of a reply being written. */
import type { Conversation, EndEvent, GenerationInput, StopInput } from "@/lib/wire"

import type { ApiClient } from "./client"

/** Asks for a reply; the answer is its stream. The same input again joins the same reply. */
export function postGeneration(api: ApiClient, conversationId: string, input: GenerationInput, signal: AbortSignal): Promise<Response> {
  return api.open("POST", `/api/conversations/${conversationId}/generations`, { body: input, signal })
}

/** The stream of a reply from behind event `after` (0: from its beginning). */
export function openEvents(api: ApiClient, generationId: string, after: number, signal: AbortSignal): Promise<Response> {
  const headers: Record<string, string> = after > 0 ? { "last-event-id": String(after) } : {}
  return api.open("GET", `/api/generations/${generationId}/events`, { headers, signal })
}

/** Stops a reply; `seenChars` code points of it are kept. */
export function stopGeneration(api: ApiClient, generationId: string, seenChars: number): Promise<EndEvent> {
  const body: StopInput = { seen_chars: seenChars }
  return api.json<EndEvent>("POST", `/api/generations/${generationId}/stop`, { body, repeatable: true })
}

/** The stored conversation: its newest messages, or those before `before`. */
export function readConversation(api: ApiClient, id: string, options: { before?: string; signal?: AbortSignal } = {}): Promise<Conversation> {
  const query = options.before ? `?before=${encodeURIComponent(options.before)}` : ""
  return api.json<Conversation>("GET", `/api/conversations/${id}${query}`, options.signal ? { signal: options.signal } : {})
}

/** State changes for a reply that was rejected or whose stream was lost. */
import type { ApiError } from "@/lib/api"

import type { ActiveReply, ShownMessage, TalkState, Trouble } from "./state"

export function failed(state: TalkState, error: ApiError): TalkState {
  const { reply } = state
  if (!reply) return state
  const begun = reply.kind === "join" || reply.seq > 0 || (reply.phase !== "sending" && reply.phase !== "stopping")
  if (begun) return streamLost(state, reply, error)
  return reply.kind === "send" ? sendRejected(state, reply, error) : replyRejected(state, reply, error)
}

/** The stream is lost, but the reply may continue on the server. Keeps the shown text until the conversation is reloaded. */
function streamLost(state: TalkState, reply: ActiveReply, error: ApiError): TalkState {
  const message = error.isConnection ? "The connection was lost. The reply may be complete on the server." : error.message
  return {
    ...state,
    messages: state.messages.map((one) => (one.id === reply.messageId ? { ...one, status: "interrupted" } : one)),
    reply: null,
    trouble: trouble("lost", message, error),
  }
}

/** The message was rejected. It stays as unsent, or returns to the composer. */
function sendRejected(state: TalkState, reply: ActiveReply, error: ApiError): TalkState {
  const question = reply.input?.message
  const without = state.messages.filter((one) => one.id !== reply.messageId)
  if (!question) return { ...state, messages: without, reply: null, trouble: trouble("notice", error.message, error) }
  const notice = returnNotice(error)
  if (notice === null) {
    return {
      ...state,
      messages: without.map((one) => (one.id === question.id ? { ...one, delivery: "unsent" as const } : one)),
      reply: null,
      trouble: trouble("unsent", error.message, error),
    }
  }
  return {
    ...state,
    persona: error.slug === "gone" ? { ...state.persona, deleted: true } : state.persona,
    messages: without.filter((one) => one.id !== question.id),
    reply: null,
    trouble: trouble(isMoved(error) ? "moved" : "notice", notice, error),
    returned: { key: reply.generationId, text: question.content },
  }
}

/** The notice for errors that a retry cannot fix, for which the text returns to the composer; `null` for other errors. */
function returnNotice(error: ApiError): string | null {
  switch (error.slug) {
    case "stale":
      return "This conversation was continued elsewhere and has been updated. Your message is in the input again."
    case "busy":
      return "A reply is already being written. Your message is in the input again; send it when the reply is complete."
    case "gone":
    case "invalid":
    case "malformed":
    case "not-found":
    case "too-large":
    case "unauthenticated":
      return `${error.message} Your message is in the input again.`
    default:
      return null
  }
}

/** Retry or Continue was rejected. Restores the messages as before. */
function replyRejected(state: TalkState, reply: ActiveReply, error: ApiError): TalkState {
  const messages: ShownMessage[] =
    reply.kind === "continue"
      ? state.messages.map((one) => (one.id === reply.messageId ? { ...one, status: "interrupted", content: reply.before } : one))
      : [...state.messages.filter((one) => one.id !== reply.messageId), ...reply.replaced]
  const kind = isMoved(error) ? "moved" : error.slug === "gone" ? "notice" : "reply"
  const message =
    error.slug === "stale"
      ? "This conversation was continued elsewhere and has been updated."
      : error.slug === "busy"
        ? "A reply is already being written."
        : error.message
  return {
    ...state,
    persona: error.slug === "gone" ? { ...state.persona, deleted: true } : state.persona,
    messages,
    reply: null,
    trouble: trouble(kind, message, error),
  }
}

function isMoved(error: ApiError): boolean {
  return error.slug === "stale" || error.slug === "busy"
}

function trouble(kind: Trouble["kind"], message: string, error: ApiError): Trouble {
  return { kind, message, reference: error.status >= 500 ? error.reference : null }
}

/** What becomes of a reply that the server would not write, or that can no longer be followed. */
import type { ApiError } from "@/lib/api"

import type { ActiveReply, ShownMessage, TalkState, Trouble } from "./state"

export function failed(state: TalkState, error: ApiError): TalkState {
  const { reply } = state
  if (!reply) return state
  const begun = reply.kind === "join" || reply.seq > 0 || (reply.phase !== "sending" && reply.phase !== "stopping")
  if (begun) return lostForGood(state, reply, error)
  return reply.kind === "send" ? turnedBack(state, reply, error) : restored(state, reply, error)
}

/** The reply goes on, but not before our eyes: what is shown stays until it is read again. */
function lostForGood(state: TalkState, reply: ActiveReply, error: ApiError): TalkState {
  const message = error.isConnection ? "The connection was lost. The reply may be complete on the server." : error.message
  return {
    ...state,
    messages: state.messages.map((one) => (one.id === reply.messageId ? { ...one, status: "interrupted" } : one)),
    reply: null,
    trouble: trouble("lost", message, error),
  }
}

/** The question was not accepted: it stays, or goes back to where it was typed. Never neither. */
function turnedBack(state: TalkState, reply: ActiveReply, error: ApiError): TalkState {
  const question = reply.input?.message
  const without = state.messages.filter((one) => one.id !== reply.messageId)
  if (!question) return { ...state, messages: without, reply: null, trouble: trouble("notice", error.message, error) }
  const notice = givenBack(error)
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

/** The notice for errors that sending the same again would not mend; `null` for those that it may. */
function givenBack(error: ApiError): string | null {
  switch (error.slug) {
    case "stale":
      return "This conversation went on elsewhere. Here is the newest of it; your message is back in the box."
    case "busy":
      return "A reply is already being written. Your message is back in the box until it is complete."
    case "gone":
    case "invalid":
    case "malformed":
    case "not-found":
    case "too-large":
    case "unauthenticated":
      return `${error.message} Your message is back in the box.`
    default:
      return null
  }
}

/** Retry and Continue put back what was there. */
function restored(state: TalkState, reply: ActiveReply, error: ApiError): TalkState {
  const messages: ShownMessage[] =
    reply.kind === "continue"
      ? state.messages.map((one) => (one.id === reply.messageId ? { ...one, status: "interrupted", content: reply.before } : one))
      : [...state.messages.filter((one) => one.id !== reply.messageId), ...reply.replaced]
  const kind = isMoved(error) ? "moved" : error.slug === "gone" ? "notice" : "reply"
  const message =
    error.slug === "stale"
      ? "This conversation went on elsewhere. Here is the newest of it."
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

/** State and events of the conversation page, without React, network or clock. */
import type { ApiError } from "@/lib/api"
import type { ReplyEvent } from "@/lib/stream"
import type { Conversation, ConversationPersona, EndEvent, GenerationInput, GenerationKind, Message } from "@/lib/wire"

/** A shown message. */
export interface ShownMessage extends Message {
  /** The model's reasoning, which is not stored. */
  reasoning?: string
  /** Being sent, or not sent. Absent for stored messages. */
  delivery?: "sending" | "unsent"
}

export type Phase =
  /** Requested, without a response. */
  | "sending"
  /** Running, without text. */
  | "thinking"
  | "writing"
  /** A stop was requested. No more text is shown until the server returns the kept text. */
  | "stopping"

/** The running reply. */
export interface ActiveReply {
  generationId: string
  messageId: string
  kind: GenerationKind | "join"
  /** The request to repeat if the response is lost; `null` for a joined reply. */
  input: GenerationInput | null
  phase: Phase
  connected: boolean
  /** The number of the last event that is shown. */
  seq: number
  /** The message's text before the events: that before this reply, or the stored text of a joined reply. */
  before: string
  /** The text of the events. */
  written: string
  /** Text received after the stop. */
  held: string
  /** Messages replaced by `retry`, to be restored if it fails. */
  replaced: ShownMessage[]
}

/** A problem, shown at the end of the conversation. */
export interface Trouble {
  kind:
    /** The message was not sent: send it again or edit it. */
    | "unsent"
    /** The reply is missing or incomplete: retry. */
    | "reply"
    /** The connection failed permanently: reload the conversation. */
    | "lost"
    /** The conversation was continued elsewhere: it is reloaded automatically. */
    | "moved"
    /** Information only. */
    | "notice"
  message: string
  reference: string | null
}

export interface TalkState {
  id: string
  createdAt: string
  persona: ConversationPersona
  messages: ShownMessage[]
  hasEarlier: boolean
  reply: ActiveReply | null
  trouble: Trouble | null
  /** Text to return to the composer. `key` identifies it. */
  returned: { key: string; text: string } | null
  /** The announcement of an ended reply for screen readers. */
  announcement: string
}

export type TalkEvent =
  /** The stored conversation was loaded. */
  | { type: "loaded"; conversation: Conversation }
  | { type: "earlierLoaded"; conversation: Conversation }
  /** The user requests a reply. */
  | { type: "asked"; input: GenerationInput; at: string }
  | { type: "opened"; generationId: string }
  | { type: "streamed"; generationId: string; events: ReplyEvent[] }
  | { type: "lost"; generationId: string }
  /** The reply failed without an end. */
  | { type: "failed"; generationId: string; error: ApiError }
  | { type: "stopping"; generationId: string }
  | { type: "stopFailed"; generationId: string }
  | { type: "stopped"; generationId: string; end: EndEvent }
  /** A message from before a reload that may not have been sent. */
  | { type: "unsentFound"; id: string; content: string; at: string }
  /** The user returns an unsent message to the composer. */
  | { type: "unsentTaken" }
  | { type: "returnedTaken"; key: string }
  | { type: "troubleRead" }

export function shown(conversation: Conversation): TalkState {
  return {
    id: conversation.id,
    createdAt: conversation.created_at,
    persona: conversation.persona,
    messages: [],
    hasEarlier: conversation.has_earlier,
    reply: null,
    trouble: null,
    returned: null,
    announcement: "",
  }
}

/** The shown message of the running reply. */
export function replyMessage(state: TalkState): ShownMessage | undefined {
  return state.messages.find((message) => message.id === state.reply?.messageId)
}

/** The newest stored message. */
export function newestStored(state: TalkState): ShownMessage | undefined {
  return state.messages.findLast((message) => message.delivery === undefined)
}

/** Whether the newest reply can be retried. */
export function canRetry(state: TalkState): boolean {
  return state.reply === null && !state.persona.deleted && state.messages.some((one) => one.role === "user" && one.delivery === undefined)
}

/** Whether the newest reply is incomplete and can be continued. */
export function canContinue(state: TalkState): boolean {
  const last = state.messages.at(-1)
  const isIncomplete = last?.role === "assistant" && (last.status === "stopped" || last.status === "interrupted")
  return state.reply === null && !state.persona.deleted && isIncomplete && last.content !== ""
}

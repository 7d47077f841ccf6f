/** What the talk page knows, and everything that can happen to it. No React, no network, no clock. */
import type { ApiError } from "@/lib/api"
import type { ReplyEvent } from "@/lib/stream"
import type { Conversation, ConversationPersona, EndEvent, GenerationInput, GenerationKind, Message } from "@/lib/wire"

/** A message as it is shown. */
export interface ShownMessage extends Message {
  /** What the model thought; shown while it is at hand, never stored. */
  reasoning?: string
  /** On its way to the server, or turned back on the way. Absent once stored. */
  delivery?: "sending" | "unsent"
}

export type Phase =
  /** Asked for; no answer yet. */
  | "sending"
  /** The server has it; no word yet. */
  | "thinking"
  | "writing"
  /** Stop was pressed: nothing more is shown until the server says what is kept. */
  | "stopping"

/** The reply being written. */
export interface ActiveReply {
  generationId: string
  messageId: string
  kind: GenerationKind | "join"
  /** What to send again if the answer is lost; absent when joined. */
  input: GenerationInput | null
  phase: Phase
  connected: boolean
  /** The number of the last event that is shown. */
  seq: number
  /** The message's text before the events: before this reply, or for a joined one as it was stored. */
  before: string
  /** What the events have added so far. */
  written: string
  /** What came after stop was pressed. */
  held: string
  /** What `retry` took off the screen, to be put back if nothing comes of it. */
  replaced: ShownMessage[]
}

/** Something that needs the person's eye, at the end of the conversation. */
export interface Trouble {
  kind:
    /** The question did not reach the server: send it again, or take it back. */
    | "unsent"
    /** There is no reply, or not all of it: retry. */
    | "reply"
    /** The line is gone for good: read the conversation again. */
    | "lost"
    /** The conversation went on elsewhere: it is read again by itself. */
    | "moved"
    /** Only to be read. */
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
  /** Text that goes back into the composer; `key` tells two apart. */
  returned: { key: string; text: string } | null
  /** For screen readers: said once when a reply is complete. */
  announcement: string
}

export type TalkEvent =
  /** The conversation as stored. */
  | { type: "loaded"; conversation: Conversation }
  | { type: "earlierLoaded"; conversation: Conversation }
  /** The person asks for a reply. */
  | { type: "asked"; input: GenerationInput; at: string }
  | { type: "opened"; generationId: string }
  | { type: "streamed"; generationId: string; events: ReplyEvent[] }
  | { type: "lost"; generationId: string }
  /** No reply, or no more of it, and no end either. */
  | { type: "failed"; generationId: string; error: ApiError }
  | { type: "stopping"; generationId: string }
  | { type: "stopFailed"; generationId: string }
  | { type: "stopped"; generationId: string; end: EndEvent }
  /** A question from before a reload that may not have been sent. */
  | { type: "unsentFound"; id: string; content: string; at: string }
  /** The person takes an unsent question back. */
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

/** The message of the running reply, as far as it is shown. */
export function replyMessage(state: TalkState): ShownMessage | undefined {
  return state.messages.find((message) => message.id === state.reply?.messageId)
}

/** The newest message that the server knows too. */
export function newestStored(state: TalkState): ShownMessage | undefined {
  return state.messages.findLast((message) => message.delivery === undefined)
}

/** Whether there is something that a reply could answer anew. */
export function canRetry(state: TalkState): boolean {
  return state.reply === null && !state.persona.deleted && state.messages.some((one) => one.role === "user" && one.delivery === undefined)
}

/** Whether the newest reply broke off and can be written on. */
export function canContinue(state: TalkState): boolean {
  const last = state.messages.at(-1)
  const brokenOff = last?.role === "assistant" && (last.status === "stopped" || last.status === "interrupted")
  return state.reply === null && !state.persona.deleted && brokenOff && last.content !== ""
}

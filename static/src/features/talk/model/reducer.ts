/** The state machine of the conversation page. */
import type { ReplyEvent } from "@/lib/stream"
import type { Conversation, EndEvent, GenerationInput, RunningGeneration } from "@/lib/wire"

import { failed } from "./failure"
import { replyMessage, shown, type ActiveReply, type ShownMessage, type TalkEvent, type TalkState } from "./state"

export function begin(conversation: Conversation): TalkState {
  return loaded(shown(conversation), conversation)
}

export function reduce(state: TalkState, event: TalkEvent): TalkState {
  // A late event of a reply that has ended or was replaced.
  if ("generationId" in event && event.generationId !== state.reply?.generationId) return state
  switch (event.type) {
    case "loaded":
      return loaded(state, event.conversation)
    case "earlierLoaded":
      return earlierLoaded(state, event.conversation)
    case "asked":
      return state.reply ? state : asked(state, event.input, event.at)
    case "opened":
      return opened(state)
    case "streamed":
      return event.events.reduce(streamed, state)
    case "lost":
      return withReply(state, { connected: false })
    case "failed":
      return failed(state, event.error)
    case "stopping":
      return withReply(state, { phase: "stopping" })
    case "stopFailed":
      return stopFailed(state)
    case "stopped":
      return ended(state, event.end)
    case "unsentFound":
      return unsentFound(state, event)
    case "unsentTaken":
      return unsentTaken(state)
    case "returnedTaken":
      return state.returned?.key === event.key ? { ...state, returned: null } : state
    case "troubleRead":
      return isOnlyRead(state) ? { ...state, trouble: null } : state
  }
}

function loaded(state: TalkState, conversation: Conversation): TalkState {
  // During a reply the state is newer than the loaded conversation.
  if (state.reply) return { ...state, persona: conversation.persona }
  const known = new Map(state.messages.map((message) => [message.id, message]))
  const fresh = conversation.messages.map((message) => reread(message, known.get(message.id), conversation))
  const first = fresh[0]
  const overlap = first ? state.messages.findIndex((message) => message.id === first.id) : -1
  const earlier = overlap > 0 ? state.messages.slice(0, overlap) : []
  const stored = new Set(fresh.map((message) => message.id))
  const unsent = state.messages.filter((message) => message.delivery === "unsent" && !stored.has(message.id))
  const next: TalkState = {
    ...state,
    persona: conversation.persona,
    messages: [...earlier, ...fresh, ...unsent],
    hasEarlier: earlier.length > 0 ? state.hasEarlier : conversation.has_earlier,
    trouble: isOnlyRead(state) || unsent.length > 0 ? state.trouble : null,
  }
  return conversation.running ? joined(next, conversation.running) : next
}

function isOnlyRead(state: TalkState): boolean {
  return state.trouble?.kind === "notice" || state.trouble?.kind === "moved"
}

function reread(message: Conversation["messages"][number], known: ShownMessage | undefined, conversation: Conversation): ShownMessage {
  const running = conversation.running?.message_id === message.id
  const status = message.status === "streaming" && !running ? "interrupted" : message.status
  return { ...message, status, ...(known?.reasoning && { reasoning: known.reasoning }) }
}

/** Follows a running reply after the last event in the stored text. */
function joined(state: TalkState, running: RunningGeneration): TalkState {
  const message = state.messages.find((one) => one.id === running.message_id)
  const at = state.messages.at(-1)?.created_at ?? state.createdAt
  const reply = activeReply({
    generationId: running.id,
    messageId: running.message_id,
    kind: "join",
    seq: message ? running.seq : 0,
    before: message?.content ?? "",
  })
  const messages = message ? state.messages : [...state.messages, placeholder(running.message_id, at)]
  return {
    ...state,
    messages: messages.map((one) => (one.id === running.message_id ? { ...one, status: "streaming" } : one)),
    reply: { ...reply, phase: reply.before === "" ? "thinking" : "writing" },
  }
}

function earlierLoaded(state: TalkState, conversation: Conversation): TalkState {
  const known = new Set(state.messages.map((message) => message.id))
  const earlier = conversation.messages.filter((message) => !known.has(message.id))
  return { ...state, messages: [...earlier, ...state.messages], hasEarlier: conversation.has_earlier }
}

function asked(state: TalkState, input: GenerationInput, at: string): TalkState {
  const base = { ...state, trouble: null, announcement: "" }
  const reply = activeReply({ generationId: input.id, messageId: input.reply_id, kind: input.kind, input })
  const { message } = input
  if (input.kind === "send" && message) {
    const question: ShownMessage = { id: message.id, role: "user", status: "done", content: message.content, created_at: at, delivery: "sending" }
    const others = state.messages.filter((one) => one.id !== message.id)
    return { ...base, messages: [...others, question, placeholder(input.reply_id, at)], reply }
  }
  if (input.kind === "continue") {
    const before = state.messages.find((one) => one.id === input.reply_id)?.content ?? ""
    const messages = state.messages.map((one) => (one.id === input.reply_id ? { ...one, status: "streaming" as const } : one))
    return { ...base, messages, reply: { ...reply, before } }
  }
  const question = state.messages.findLastIndex((one) => one.role === "user")
  const kept = state.messages.slice(0, question + 1)
  return { ...base, messages: [...kept, placeholder(input.reply_id, at)], reply: { ...reply, replaced: state.messages.slice(question + 1) } }
}

function opened(state: TalkState): TalkState {
  const { reply } = state
  if (!reply) return state
  const phase = reply.phase === "sending" ? (reply.before === "" ? "thinking" : "writing") : reply.phase
  const messages = state.messages.map(delivered)
  return { ...state, messages, reply: { ...reply, phase, connected: true } }
}

function delivered(message: ShownMessage): ShownMessage {
  if (message.delivery !== "sending") return message
  const { delivery: _, ...stored } = message
  return stored
}

function streamed(state: TalkState, event: ReplyEvent): TalkState {
  const { reply } = state
  if (!reply || event.seq <= reply.seq) return state
  const next = withReply(state, { seq: event.seq, connected: true })
  switch (event.type) {
    case "delta":
      return reply.phase === "stopping"
        ? withReply(next, { held: reply.held + event.text })
        : write(next, reply.written + event.text)
    case "reasoning":
      return reply.phase === "stopping"
        ? next
        : withMessage(next, (message) => ({ ...message, reasoning: (message.reasoning ?? "") + event.text }))
    case "problem":
      return { ...next, trouble: { kind: "reply", message: event.problem.detail, reference: null } }
    case "end":
      return ended(next, event.end)
  }
}

function write(state: TalkState, written: string): TalkState {
  const { reply } = state
  if (!reply) return state
  const content = reply.before + written
  return withReply(withMessage(state, (message) => ({ ...message, content })), { written, phase: "writing" })
}

function stopFailed(state: TalkState): TalkState {
  const { reply } = state
  if (reply?.phase !== "stopping") return state
  const going = withReply(state, { phase: reply.seq > 0 ? "writing" : "thinking", held: "" })
  return reply.held === "" ? going : write(going, reply.written + reply.held)
}

/** Replaces the shown text by the stored one. */
function ended(state: TalkState, end: EndEvent): TalkState {
  const next = withMessage(opened(state), (message) => ({ ...message, content: end.content, status: end.status }))
  const quiet = end.status === "done" || end.status === "stopped"
  const interrupted = { kind: "reply", message: "The reply was interrupted.", reference: null } as const
  return {
    ...next,
    reply: null,
    trouble: quiet ? null : (state.trouble ?? (end.status === "interrupted" ? interrupted : null)),
    announcement: announcement(state.persona.name, end),
  }
}

const ANNOUNCED_CHARS_MAX = 600

function announcement(name: string, end: EndEvent): string {
  const text = end.content.length > ANNOUNCED_CHARS_MAX ? `${end.content.slice(0, ANNOUNCED_CHARS_MAX)}…` : end.content
  const how = { done: "replied", stopped: "was stopped", interrupted: "was interrupted", refused: "declined", streaming: "is replying" }[end.status]
  return text === "" ? `${name} ${how}.` : `${name} ${how}: ${text}`
}

function unsentFound(state: TalkState, event: { id: string; content: string; at: string }): TalkState {
  if (state.messages.some((message) => message.id === event.id)) return state
  const { id, content, at } = event
  // During a reply the message returns to the text field.
  if (state.reply) return { ...state, returned: { key: id, text: content } }
  return {
    ...state,
    messages: [...state.messages, { id, role: "user", status: "done", content, created_at: at, delivery: "unsent" }],
    trouble: { kind: "unsent", message: "This message was not sent.", reference: null },
  }
}

function unsentTaken(state: TalkState): TalkState {
  const question = state.messages.find((message) => message.delivery === "unsent")
  if (!question) return state
  return {
    ...state,
    messages: state.messages.filter((message) => message.id !== question.id),
    trouble: null,
    returned: { key: question.id, text: question.content },
  }
}

function activeReply(parts: Pick<ActiveReply, "generationId" | "messageId" | "kind"> & Partial<ActiveReply>): ActiveReply {
  return { input: null, phase: "sending", connected: true, seq: 0, before: "", written: "", held: "", replaced: [], ...parts }
}

function placeholder(id: string, at: string): ShownMessage {
  return { id, role: "assistant", status: "streaming", content: "", created_at: at }
}

function withReply(state: TalkState, change: Partial<ActiveReply>): TalkState {
  return state.reply ? { ...state, reply: { ...state.reply, ...change } } : state
}

function withMessage(state: TalkState, change: (message: ShownMessage) => ShownMessage): TalkState {
  const target = replyMessage(state)
  return target ? { ...state, messages: state.messages.map((message) => (message === target ? change(message) : message)) } : state
}

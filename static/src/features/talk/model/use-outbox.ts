/** Stores a message on this device until the server has it, so that a reload does not lose it. */
import { useEffect, useMemo, useRef, type Dispatch } from "react"

import { useUserId } from "@/lib/api"
import { drafts } from "@/lib/drafts"
import type { MessageInput } from "@/lib/wire"

import type { TalkEvent, TalkState } from "./state"

export interface Outbox {
  put: (message: MessageInput) => void
}

export function useOutbox(conversationId: string, state: TalkState, dispatch: Dispatch<TalkEvent>): Outbox {
  const key = drafts.key(useUserId(), "outbox", conversationId)
  const sought = useRef(false)
  const isWaiting = state.messages.some((message) => message.delivery !== undefined)
  const wasWaiting = useRef(isWaiting)

  useEffect(() => {
    // Stored by the server, or returned to the composer, which stores it as a draft.
    if (wasWaiting.current && !isWaiting) drafts.remove(key)
    wasWaiting.current = isWaiting
  }, [isWaiting, key])

  useEffect(() => {
    if (sought.current) return
    sought.current = true
    const kept = drafts.read(key, isMessageInput)
    if (!kept) return
    drafts.remove(key)
    if (state.messages.some((message) => message.id === kept.value.id)) return
    // During a reply it goes to the composer, which stores it as a draft.
    if (!state.reply) drafts.write(key, kept.value)
    dispatch({ type: "unsentFound", ...kept.value, at: new Date(kept.savedAt).toISOString() })
  }, [key, state, dispatch])

  return useMemo(() => ({ put: (message) => drafts.write(key, message) }), [key])
}

function isMessageInput(value: unknown): value is MessageInput {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string" && "content" in value && typeof value.content === "string"
}

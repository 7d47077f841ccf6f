/** Requests for replies. The client chooses all ids, so that repeated requests are idempotent. */
import { useMemo, type Dispatch, type RefObject } from "react"

import { newId } from "@/lib/api"
import type { Conversation, GenerationInput } from "@/lib/wire"

import { newestStored, type TalkEvent, type TalkState } from "./state"
import type { Outbox } from "./use-outbox"

export interface Asks {
  send: (content: string) => void
  retry: () => void
  continueReply: () => void
  /** Sends an unsent message again. */
  sendAgain: () => void
}

export function useAsks(
  latest: RefObject<TalkState>,
  dispatch: Dispatch<TalkEvent>,
  outbox: Outbox,
  read: () => Promise<Conversation | null>,
): Asks {
  return useMemo(() => {
    const ask = (input: GenerationInput) => {
      if (latest.current.reply) return
      if (input.message) outbox.put(input.message)
      dispatch({ type: "asked", input, at: new Date().toISOString() })
    }
    const newest = () => newestStored(latest.current)?.id ?? null

    const sendAgain = async () => {
      const question = latest.current.messages.find((message) => message.delivery === "unsent")
      if (!question) return
      // The response may have been lost after the message was stored, so read the conversation first.
      const stored = await read()
      if (!stored || stored.running) return
      const ids = { id: newId(), after: stored.messages.at(-1)?.id ?? null, reply_id: newId() }
      const isStored = stored.messages.some((message) => message.id === question.id)
      if (isStored && stored.messages.at(-1)?.id !== question.id) return
      if (isStored) ask({ ...ids, kind: "retry" })
      else ask({ ...ids, kind: "send", message: { id: question.id, content: question.content } })
    }

    return {
      send: (content) => ask({ id: newId(), kind: "send", after: newest(), reply_id: newId(), message: { id: newId(), content } }),
      retry: () => ask({ id: newId(), kind: "retry", after: newest(), reply_id: newId() }),
      continueReply: () => {
        const last = newest()
        if (last) ask({ id: newId(), kind: "continue", after: last, reply_id: last })
      },
      sendAgain: () => void sendAgain(),
    }
  }, [latest, dispatch, outbox, read])
}

/** Follows the running reply, also one started elsewhere, while the page is open. */
import { useEffect, useLayoutEffect, useRef, type Dispatch } from "react"

import { ApiError, openEvents, postGeneration, useApi } from "@/lib/api"
import { connectionError } from "@/lib/api/errors"
import { followReply, type ReplyEvent } from "@/lib/stream"

import type { TalkEvent, TalkState } from "./state"

export function useReplyStream(conversationId: string, state: TalkState, dispatch: Dispatch<TalkEvent>): void {
  const api = useApi()
  const latest = useRef(state)
  useLayoutEffect(() => {
    latest.current = state
  })
  const generationId = state.reply?.generationId

  useEffect(() => {
    const reply = latest.current.reply
    if (!generationId || reply?.generationId !== generationId) return
    const { input } = reply
    const leave = new AbortController()
    const frame = new FrameBatch((events) => dispatch({ type: "streamed", generationId, events }))
    const source = {
      ...(input && reply.phase === "sending" && { start: (signal: AbortSignal) => postGeneration(api, conversationId, input, signal) }),
      resume: (after: number, signal: AbortSignal) => openEvents(api, generationId, after, signal),
    }
    const listener = {
      onOpen: () => dispatch({ type: "opened", generationId }),
      onLost: () => dispatch({ type: "lost", generationId }),
      onEvents: (events: ReplyEvent[]) => frame.add(events),
    }
    followReply(source, listener, leave.signal, { after: reply.seq }).catch((error: unknown) => {
      if (leave.signal.aborted) return
      frame.flush()
      dispatch({ type: "failed", generationId, error: error instanceof ApiError ? error : connectionError(error) })
    })
    return () => {
      leave.abort()
      frame.drop()
    }
  }, [api, conversationId, dispatch, generationId])
}

/** Collects the events of a frame, since a fast model sends more events than frames. */
class FrameBatch {
  readonly #take: (events: ReplyEvent[]) => void
  #events: ReplyEvent[] = []
  #frame = 0

  constructor(take: (events: ReplyEvent[]) => void) {
    this.#take = take
  }

  add(events: ReplyEvent[]): void {
    this.#events.push(...events)
    // A hidden page gets no animation frames.
    if (document.hidden || this.#events.at(-1)?.type === "end") this.flush()
    else this.#frame ||= requestAnimationFrame(() => this.flush())
  }

  flush(): void {
    const events = this.#events
    this.drop()
    if (events.length > 0) this.#take(events)
  }

  drop(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    this.#events = []
  }
}

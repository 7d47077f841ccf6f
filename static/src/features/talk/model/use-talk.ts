/** Runs the state machine of the talk page: dispatches events and performs its side effects. */
import { useQueryClient } from "@tanstack/react-query"
import { useCallback, useEffect, useLayoutEffect, useReducer, useRef, type Dispatch } from "react"
import { toast } from "sonner"

import { forgetLists, isAbort, keys, readConversation, sentence, useApi } from "@/lib/api"
import { codePoints } from "@/lib/text"
import type { Conversation } from "@/lib/wire"

import { begin, reduce } from "./reducer"
import { replyMessage, type TalkEvent, type TalkState } from "./state"
import { stopWithRetry } from "./stop"
import { useAsks, type Asks } from "./use-asks"
import { useOutbox } from "./use-outbox"
import { useReplyStream } from "./use-reply-stream"

export interface Talk extends Asks {
  state: TalkState
  stop: () => void
  /** Returns an unsent message to the composer. */
  takeBack: () => void
  reload: () => void
  loadEarlier: () => Promise<void>
  returnedTaken: (key: string) => void
  troubleRead: () => void
}

export function useTalk(conversation: Conversation): Talk {
  const api = useApi()
  const { id } = conversation
  const [state, dispatch] = useReducer(reduce, conversation, begin)
  const latest = useRef(state)
  useLayoutEffect(() => {
    latest.current = state
  })
  useEffect(() => dispatch({ type: "loaded", conversation }), [conversation])
  useReplyStream(id, state, dispatch)
  useKeepCache(state)

  const read = useRead(id, dispatch)
  const reload = useCallback(() => void read(), [read])
  const isMoved = state.trouble?.kind === "moved"
  useEffect(() => {
    if (isMoved) reload()
  }, [isMoved, reload])

  const stop = useCallback(async () => {
    const { reply } = latest.current
    if (!reply || reply.phase === "stopping") return
    const { generationId } = reply
    const seen = codePoints(replyMessage(latest.current)?.content ?? "")
    dispatch({ type: "stopping", generationId })
    try {
      const end = await stopWithRetry(api, generationId, seen, () => latest.current.reply?.generationId === generationId)
      if (end) dispatch({ type: "stopped", generationId, end })
    } catch (error) {
      dispatch({ type: "stopFailed", generationId })
      toast.error("The reply could not be stopped.", { description: sentence(error) })
    }
  }, [api])

  const loadEarlier = useCallback(async () => {
    const first = latest.current.messages[0]
    if (first) dispatch({ type: "earlierLoaded", conversation: await readConversation(api, id, { before: first.id }) })
  }, [api, id])

  const asks = useAsks(latest, dispatch, useOutbox(id, state, dispatch), read)
  const takeBack = useCallback(() => dispatch({ type: "unsentTaken" }), [])
  const returnedTaken = useCallback((key: string) => dispatch({ type: "returnedTaken", key }), [])
  const troubleRead = useCallback(() => dispatch({ type: "troubleRead" }), [])
  return { state, ...asks, stop, takeBack, reload, loadEarlier, returnedTaken, troubleRead }
}

/** Reads the stored conversation into the state. On failure shows a toast and returns `null`. */
function useRead(id: string, dispatch: Dispatch<TalkEvent>): () => Promise<Conversation | null> {
  const api = useApi()
  const cache = useQueryClient()
  return useCallback(async () => {
    try {
      const stored = await readConversation(api, id)
      cache.setQueryData(keys.conversation(id), stored)
      dispatch({ type: "loaded", conversation: stored })
      return stored
    } catch (error) {
      if (!isAbort(error)) toast.error(sentence(error))
      return null
    }
  }, [api, cache, dispatch, id])
}

/** Invalidates cached data of the conversation after a reply, since it is older than the state of the page. */
function useKeepCache(state: TalkState): void {
  const cache = useQueryClient()
  const { id } = state
  const isRunning = state.reply !== null
  const wasRunning = useRef(isRunning)
  useEffect(() => {
    if (wasRunning.current && !isRunning) forgetLists(cache, id)
    wasRunning.current = isRunning
  }, [cache, id, isRunning])

  const dirty = useRef(false)
  dirty.current ||= isRunning
  useEffect(
    () => () => {
      if (dirty.current) cache.removeQueries({ queryKey: keys.conversation(id), exact: true })
    },
    [cache, id],
  )
}


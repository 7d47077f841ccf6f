/** Hooks to open, read, delete and restore conversations. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useNavigate } from "react-router"

import type { Dashboard } from "@/lib/wire"

import { readConversation } from "./generations"
import { newId } from "./ids"
import { keys, once } from "./keys"
import { useApi } from "./use-api"

/** The newest messages of a conversation. Cached data is shown at once and refetched. */
export function useConversation(id: string) {
  const api = useApi()
  return useQuery({
    ...once,
    queryKey: keys.conversation(id),
    queryFn: ({ signal }) => readConversation(api, id, { signal }),
    staleTime: 5_000,
    refetchOnWindowFocus: true,
    refetchOnReconnect: true,
  })
}

/** Opens a new conversation with a persona and navigates to it: `open.mutate(persona.id)`. */
export function useOpenConversation() {
  const api = useApi()
  const cache = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    ...once,
    mutationFn: (personaId: string) => {
      const body = { id: newId(), persona_id: personaId }
      return api.repeat((http) => http.POST("/api/conversations", { body }))
    },
    onSuccess: (conversation) => {
      cache.setQueryData(keys.conversation(conversation.id), conversation)
      forgetLists(cache, conversation.id)
      void navigate(`/talk/${conversation.id}`)
    },
  })
}

/** Deletes a conversation and removes it from the cached dashboard. `useRestoreConversation` restores it. */
export function useDeleteConversation() {
  const api = useApi()
  const cache = useQueryClient()
  return useMutation({
    ...once,
    mutationFn: (id: string) => api.repeat((http) => http.DELETE("/api/conversations/{id}", { params: { path: { id } } })),
    onMutate: async (id) => {
      await cache.cancelQueries({ queryKey: keys.dashboard })
      const before = cache.getQueryData<Dashboard>(keys.dashboard)
      cache.setQueryData<Dashboard>(keys.dashboard, (old) =>
        old && { ...old, conversations: { ...old.conversations, items: old.conversations.items.filter((one) => one.id !== id) } },
      )
      return { before }
    },
    onError: (_error, _id, context) => cache.setQueryData(keys.dashboard, context?.before),
    onSuccess: (_nothing, id) => cache.removeQueries({ queryKey: keys.conversation(id) }),
    onSettled: (_nothing, _error, id) => forgetLists(cache, id),
  })
}

export function useRestoreConversation() {
  const api = useApi()
  const cache = useQueryClient()
  return useMutation({
    ...once,
    mutationFn: (id: string) => api.repeat((http) => http.POST("/api/conversations/{id}/restore", { params: { path: { id } } })),
    onSuccess: (_nothing, id) => forgetLists(cache, id),
  })
}

/** Invalidates all lists of conversations, but not the conversation that is open. */
export function forgetLists(cache: ReturnType<typeof useQueryClient>, except: string): void {
  void cache.invalidateQueries({ queryKey: keys.dashboard })
  void cache.invalidateQueries({
    queryKey: keys.conversations,
    predicate: (query) => !(query.queryKey[1] === "one" && query.queryKey[2] === except),
  })
}

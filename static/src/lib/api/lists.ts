/** The dashboard and its paginated lists. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { useState } from "react"

import type { ConversationPage, ConversationSummary, PersonaPage, PersonaSummary } from "@/lib/wire"

import type { ApiClient } from "./client"
import { keys, once } from "./keys"
import { useApi } from "./use-api"

export function useDashboard() {
  const api = useApi()
  return useQuery({
    ...once,
    queryKey: keys.dashboard,
    queryFn: ({ signal }) => api.repeat((http) => http.GET("/api/dashboard", { signal }), signal),
  })
}

interface Page<T> {
  items: T[]
  next: string | null
}

/** A paginated list whose first page is already loaded. */
export interface Pages<T> {
  items: T[]
  hasMore: boolean
  loadMore: () => void
  isLoadingMore: boolean
  error: Error | null
}

/** All loaded personas: `usePersonaPages(dashboard.data?.personas)`. */
export function usePersonaPages(first: PersonaPage | undefined): Pages<PersonaSummary> {
  return usePages(keys.personas, first, (api, after, signal) =>
    api.repeat((http) => http.GET("/api/dashboard/personas", { params: { query: { after } }, signal }), signal),
  )
}

/** All loaded conversations: `useConversationPages(dashboard.data?.conversations)`. */
export function useConversationPages(first: ConversationPage | undefined): Pages<ConversationSummary> {
  return usePages(keys.conversations, first, (api, after, signal) =>
    api.repeat((http) => http.GET("/api/dashboard/conversations", { params: { query: { after } }, signal }), signal),
  )
}

/** The conversations with one persona, newest first. */
export function usePersonaConversations(personaId: string, enabled = true) {
  const api = useApi()
  return useInfiniteQuery({
    ...once,
    queryKey: keys.conversationsOf(personaId),
    enabled,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { persona_id: personaId, ...(pageParam && { after: pageParam }) }
      return api.repeat((http) => http.GET("/api/dashboard/conversations", { params: { query }, signal }), signal)
    },
    getNextPageParam: (last) => last.next ?? undefined,
  })
}

function usePages<T extends { id: string }>(
  key: readonly string[],
  first: Page<T> | undefined,
  load: (api: ApiClient, after: string, signal: AbortSignal) => Promise<Page<T>>,
): Pages<T> {
  const api = useApi()
  const [wanted, setWanted] = useState(false)
  const cursor = first?.next ?? ""
  const more = useInfiniteQuery({
    ...once,
    queryKey: [...key, "after", cursor],
    enabled: wanted && cursor !== "",
    initialPageParam: cursor,
    queryFn: ({ pageParam, signal }) => load(api, pageParam, signal),
    getNextPageParam: (last: Page<T>) => last.next ?? undefined,
  })
  const items = [...(first?.items ?? []), ...(more.data?.pages.flatMap((page) => page.items) ?? [])]
  return {
    // An item that moved between two pages must not appear twice.
    items: [...new Map(items.map((item) => [item.id, item])).values()],
    hasMore: cursor !== "" && (more.data === undefined || more.hasNextPage),
    loadMore: () => {
      if (more.data) void more.fetchNextPage()
      else if (wanted) void more.refetch()
      else setWanted(true)
    },
    isLoadingMore: more.isFetching,
    error: more.error,
  }
}

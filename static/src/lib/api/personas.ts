/** Requests for personas. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { parseExact, stringifyExact } from "@/lib/json"
import type { Dashboard, Persona, PersonaInput } from "@/lib/wire"

import type { ApiClient, Http } from "./client"
import { connectionError } from "./errors"
import { keys, once } from "./keys"
import { useApi } from "./use-api"

/** Sends and receives JSON as text, to preserve the numbers of cards. */
const exact = { parseAs: "text", bodySerializer: stringifyExact } as const

/** Parses the persona of a response. */
function personaIn(text: string): Persona {
  const value = parseExact(text)
  if (!isPersona(value)) throw connectionError(new TypeError("The answer is no persona."))
  return value
}

function isPersona(value: unknown): value is Persona {
  return typeof value === "object" && value !== null && "id" in value && "card" in value
}

export async function readPersona(api: ApiClient, id: string, signal?: AbortSignal): Promise<Persona> {
  const ask = (http: Http) => http.GET("/api/personas/{id}", { ...exact, params: { path: { id } }, signal })
  return personaIn(await api.repeat(ask, signal))
}

export function usePersona(id: string | undefined) {
  const api = useApi()
  return useQuery({
    ...once,
    queryKey: keys.persona(id ?? ""),
    enabled: id !== undefined,
    queryFn: ({ signal }) => readPersona(api, id ?? "", signal),
  })
}

/** Creates a persona. With an `id` (`newId()`) the request is idempotent and repeated after network errors. */
export function useCreatePersona() {
  const api = useApi()
  const changed = usePersonaChanged()
  return useMutation({
    ...once,
    mutationFn: async (body: PersonaInput) => {
      const ask = (http: Http) => http.POST("/api/personas", { ...exact, body })
      return personaIn(await (body.id ? api.repeat(ask) : api.once(ask)))
    },
    onSuccess: changed,
  })
}

/** Updates a persona. With `revision` it fails as `stale` if a newer one is stored; without it, it overwrites. */
export function useUpdatePersona() {
  const api = useApi()
  const changed = usePersonaChanged()
  return useMutation({
    ...once,
    mutationFn: async ({ id, input }: { id: string; input: PersonaInput }) => {
      const ask = (http: Http) => http.PUT("/api/personas/{id}", { ...exact, params: { path: { id } }, body: input })
      // A repeated request with a revision would be stale, because the first one increased it.
      return personaIn(await (input.revision ? api.once(ask) : api.repeat(ask)))
    },
    onSuccess: changed,
  })
}

/** Deletes a persona; `useRestorePersona` undoes it. Removes it from the dashboard optimistically. */
export function useDeletePersona() {
  const api = useApi()
  const cache = useQueryClient()
  return useMutation({
    ...once,
    mutationFn: (id: string) => api.repeat((http) => http.DELETE("/api/personas/{id}", { params: { path: { id } } })),
    onMutate: async (id) => {
      await cache.cancelQueries({ queryKey: keys.dashboard })
      const before = cache.getQueryData<Dashboard>(keys.dashboard)
      cache.setQueryData<Dashboard>(keys.dashboard, (old) =>
        old && { ...old, personas: { ...old.personas, items: old.personas.items.filter((one) => one.id !== id) } },
      )
      return { before }
    },
    onError: (_error, _id, context) => cache.setQueryData(keys.dashboard, context?.before),
    onSuccess: (_nothing, id) => cache.removeQueries({ queryKey: keys.persona(id) }),
    onSettled: () => invalidate(cache),
  })
}

export function useRestorePersona() {
  const api = useApi()
  const changed = usePersonaChanged()
  return useMutation({
    ...once,
    mutationFn: async (id: string) => {
      const ask = (http: Http) => http.POST("/api/personas/{id}/restore", { ...exact, params: { path: { id } } })
      return personaIn(await api.repeat(ask))
    },
    onSuccess: changed,
  })
}

function usePersonaChanged() {
  const cache = useQueryClient()
  return (persona: Persona) => {
    cache.setQueryData(keys.persona(persona.id), persona)
    invalidate(cache)
  }
}

/** Invalidates lists and conversations, which show names and pictures of personas. */
function invalidate(cache: ReturnType<typeof useQueryClient>): void {
  void cache.invalidateQueries({ queryKey: keys.dashboard })
  void cache.invalidateQueries({ queryKey: [...keys.personas, "after"] })
  void cache.invalidateQueries({ queryKey: keys.conversations })
}

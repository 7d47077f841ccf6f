/** Reading and writing personas. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import { parseExact, stringifyExact } from "@/lib/json"
import type { Dashboard, Persona, PersonaInput } from "@/lib/wire"

import type { ApiClient, Http } from "./client"
import { keys, once } from "./keys"
import { useApi } from "./use-api"

/** Cards come and go as text: their numbers keep their digits. */
const exact = { parseAs: "text", bodySerializer: stringifyExact } as const

/** The persona in the text of an answer. */
function personaIn(text: string): Persona {
  return parseExact(text) as Persona
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

/** Creates a persona. `input.id` should be set (`newId()`): then a repeated call is the same call. */
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

/** Stores an edited persona. With `revision`, a newer stored one rejects as `stale`; without it, it is overwritten. */
export function useUpdatePersona() {
  const api = useApi()
  const changed = usePersonaChanged()
  return useMutation({
    ...once,
    mutationFn: async ({ id, input }: { id: string; input: PersonaInput }) => {
      const ask = (http: Http) => http.PUT("/api/personas/{id}", { ...exact, params: { path: { id } }, body: input })
      // With a revision the second of two equal requests would meet the first one's work and be called stale.
      return personaIn(await (input.revision ? api.once(ask) : api.repeat(ask)))
    },
    onSuccess: changed,
  })
}

/** Deletes a persona; `useRestorePersona` takes it back. Its card leaves the dashboard at once. */
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
    onSettled: () => forget(cache),
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
    forget(cache)
  }
}

/** Lists and conversations show names and pictures of personas: all of them are old now. */
function forget(cache: ReturnType<typeof useQueryClient>): void {
  void cache.invalidateQueries({ queryKey: keys.dashboard })
  void cache.invalidateQueries({ queryKey: [...keys.personas, "after"] })
  void cache.invalidateQueries({ queryKey: keys.conversations })
}

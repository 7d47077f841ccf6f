/** Reading and writing personas. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"

import type { Dashboard, Persona, PersonaInput } from "@/lib/wire"

import { keys, once } from "./keys"
import { useApi } from "./use-api"

export function usePersona(id: string | undefined) {
  const api = useApi()
  return useQuery({
    ...once,
    queryKey: keys.persona(id ?? ""),
    enabled: id !== undefined,
    queryFn: ({ signal }) => api.json<Persona>("GET", `/api/personas/${id}`, { signal }),
  })
}

/** Creates a persona. `input.id` should be set (`newId()`): then a repeated call is the same call. */
export function useCreatePersona() {
  const api = useApi()
  const changed = usePersonaChanged()
  return useMutation({
    ...once,
    mutationFn: (input: PersonaInput) =>
      api.json<Persona>("POST", "/api/personas", { body: input, repeatable: input.id !== undefined }),
    onSuccess: changed,
  })
}

/** Stores an edited persona. With `revision`, a newer stored one rejects as `stale`; without it, it is overwritten. */
export function useUpdatePersona() {
  const api = useApi()
  const changed = usePersonaChanged()
  return useMutation({
    ...once,
    mutationFn: ({ id, input }: { id: string; input: PersonaInput }) =>
      // With a revision the second of two equal requests would meet the first one's work and be called stale.
      api.json<Persona>("PUT", `/api/personas/${id}`, { body: input, repeatable: input.revision === undefined }),
    onSuccess: changed,
  })
}

/** Deletes a persona; `useRestorePersona` takes it back. Its card leaves the dashboard at once. */
export function useDeletePersona() {
  const api = useApi()
  const cache = useQueryClient()
  return useMutation({
    ...once,
    mutationFn: (id: string) => api.json<void>("DELETE", `/api/personas/${id}`),
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
    mutationFn: (id: string) => api.json<Persona>("POST", `/api/personas/${id}/restore`, { repeatable: true }),
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

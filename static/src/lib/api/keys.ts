/** The query keys. */
export const keys = {
  dashboard: ["dashboard"] as const,
  personas: ["personas"] as const,
  persona: (id: string) => ["personas", "one", id] as const,
  conversations: ["conversations"] as const,
  conversationsOf: (personaId: string) => ["conversations", "of", personaId] as const,
  conversation: (id: string) => ["conversations", "one", id] as const,
}

/** Query options: the API client retries, so the query cache does not, and requests fail at once when offline. */
export const once = { retry: false, networkMode: "always" } as const

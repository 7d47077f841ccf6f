/** Names of what is cached, in one place, so that a write can say what it makes old. */
export const keys = {
  dashboard: ["dashboard"] as const,
  personas: ["personas"] as const,
  persona: (id: string) => ["personas", "one", id] as const,
  conversations: ["conversations"] as const,
  conversationsOf: (personaId: string) => ["conversations", "of", personaId] as const,
  conversation: (id: string) => ["conversations", "one", id] as const,
}

/** The client repeats what may be repeated; the cache need not, and says so at once when offline. */
export const once = { retry: false, networkMode: "always" } as const

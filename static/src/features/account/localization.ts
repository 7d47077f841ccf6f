import type { ClerkProviderProps } from "@clerk/react"

/** Overrides of Clerk's texts. */
export const localization: NonNullable<ClerkProviderProps["localization"]> = {
  userProfile: {
    deletePage: {
      messageLine1: "Your personas, your conversations and all other data that Persona stores about you are deleted too.",
      messageLine2: "This cannot be undone.",
    },
  },
}

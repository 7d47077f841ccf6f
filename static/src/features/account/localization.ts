import type { ClerkProviderProps } from "@clerk/react"

/** Where Clerk's own words say too little, or what is not so here. */
export const localization: NonNullable<ClerkProviderProps["localization"]> = {
  userProfile: {
    deletePage: {
      messageLine1: "Your personas, your conversations and everything else that Persona keeps of you are erased with it.",
      messageLine2: "This cannot be undone.",
    },
  },
}

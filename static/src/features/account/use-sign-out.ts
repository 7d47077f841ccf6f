import { useClerk } from "@clerk/react"
import { useQueryClient } from "@tanstack/react-query"
import { useCallback } from "react"
import { toast } from "sonner"

import { paths } from "@/lib/paths"
import { leave } from "@/lib/session"

/** Ends the session of this browser, forgets what was read, goes home. Answers whether it did. */
export function useSignOut(): () => Promise<boolean> {
  const clerk = useClerk()
  const cache = useQueryClient()
  return useCallback(async () => {
    leave()
    try {
      // Without this Clerk goes home too, and twice is once too often.
      await clerk.signOut(() => {})
    } catch {
      leave(false)
      toast.error("You could not be signed out", { description: "Check your connection, then try again." })
      return false
    }
    cache.clear()
    location.assign(paths.home)
    return true
  }, [clerk, cache])
}

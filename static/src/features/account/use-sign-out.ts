import { useClerk } from "@clerk/react"
import { useQueryClient } from "@tanstack/react-query"
import { useCallback } from "react"
import { toast } from "sonner"

import { paths } from "@/lib/paths"
import { leave } from "@/lib/session"

/** Signs out, clears cached data and opens the home page. Returns whether it succeeded. */
export function useSignOut(): () => Promise<boolean> {
  const clerk = useClerk()
  const cache = useQueryClient()
  return useCallback(async () => {
    leave()
    try {
      // With a callback Clerk does not redirect itself.
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

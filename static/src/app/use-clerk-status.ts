import { useClerk } from "@clerk/react"
import { useCallback, useSyncExternalStore } from "react"

/** How Clerk's own script stands: `loading`, `ready`, `degraded` or `error`. */
export function useClerkStatus() {
  const clerk = useClerk()
  const subscribe = useCallback(
    (listener: () => void) => {
      clerk.on("status", listener)
      return () => clerk.off("status", listener)
    },
    [clerk],
  )
  return useSyncExternalStore(subscribe, () => clerk.status)
}

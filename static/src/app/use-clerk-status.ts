import { useClerk } from "@clerk/react"
import { useCallback, useSyncExternalStore } from "react"

/** The status of Clerk's script: `loading`, `ready`, `degraded` or `error`. */
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

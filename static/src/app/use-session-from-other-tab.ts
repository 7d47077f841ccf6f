import { useClerk } from "@clerk/react"
import { useEffect } from "react"

/**
 * While signed out, looks for a session of another tab whenever this tab becomes active: Clerk notifies other tabs of a
 * sign-out, but not of a sign-in.
 */
export function useSessionFromOtherTab(isSignedOut: boolean) {
  const clerk = useClerk()
  useEffect(() => {
    if (!isSignedOut) return
    // Activating a tab fires two events.
    let isChecking = false
    const check = async () => {
      if (isChecking || document.visibilityState === "hidden") return
      isChecking = true
      try {
        await clerk.client?.reload()
        const session = clerk.client?.lastActiveSessionId
        if (session) await clerk.setActive({ session })
      } catch {
        // Clerk is unreachable: the dialog still offers a sign-in button.
      } finally {
        isChecking = false
      }
    }
    const onActive = () => void check()
    window.addEventListener("focus", onActive)
    document.addEventListener("visibilitychange", onActive)
    return () => {
      window.removeEventListener("focus", onActive)
      document.removeEventListener("visibilitychange", onActive)
    }
  }, [clerk, isSignedOut])
}

import { useClerk } from "@clerk/react"
import { useEffect } from "react"

/** Takes up the session of another tab when one comes back to this one: Clerk tells tabs of a sign-out, not of a sign-in. */
export function useSignInElsewhere(isSignedOut: boolean) {
  const clerk = useClerk()
  useEffect(() => {
    if (!isSignedOut) return
    // Coming back to a tab is two events.
    let isLooking = false
    const look = async () => {
      if (isLooking || document.visibilityState === "hidden") return
      isLooking = true
      try {
        await clerk.client?.reload()
        const session = clerk.client?.lastActiveSessionId
        if (session) await clerk.setActive({ session })
      } catch {
        // Not reachable just now: there is still the button.
      } finally {
        isLooking = false
      }
    }
    const onReturn = () => void look()
    window.addEventListener("focus", onReturn)
    document.addEventListener("visibilitychange", onReturn)
    return () => {
      window.removeEventListener("focus", onReturn)
      document.removeEventListener("visibilitychange", onReturn)
    }
  }, [clerk, isSignedOut])
}

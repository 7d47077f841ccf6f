import { useClerk } from "@clerk/react"
import { useEffect } from "react"

/** Takes up the session of another tab when one comes back to this one: Clerk tells tabs of a sign-out, not of a sign-in. */
export function useSignInElsewhere(isSignedOut: boolean) {
  const clerk = useClerk()
  useEffect(() => {
    if (!isSignedOut) return
    const look = async () => {
      if (document.visibilityState === "hidden") return
      try {
        await clerk.client?.reload()
        const session = clerk.client?.lastActiveSessionId
        if (session) await clerk.setActive({ session })
      } catch {
        // Not reachable just now: there is still the button.
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

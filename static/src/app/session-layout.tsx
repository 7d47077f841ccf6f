import { useAuth } from "@clerk/react"
import { QueryClientProvider } from "@tanstack/react-query"
import { useEffect, useRef, useState } from "react"
import { Outlet, useMatches } from "react-router"

import { signInPath } from "@/lib/paths"
import { isLeaving } from "@/lib/session"
import { cn } from "@/lib/utils"

import { ConnectingState } from "./connecting-state"
import { AppHeader } from "./header"
import { queryClient } from "./query-client"
import type { RouteHandle } from "./router"
import { SignedOutDialog } from "./signed-out-dialog"

const here = () => location.pathname + location.search + location.hash

/** The signed-in application: its header, and pages that may rely on a session. */
export default function SessionLayout() {
  const fills = useMatches().some((match) => (match.handle as RouteHandle | undefined)?.fill)
  return (
    <QueryClientProvider client={queryClient}>
      <div className={cn("flex flex-col", fills ? "h-dvh overflow-hidden" : "min-h-dvh")}>
        <AppHeader />
        <main id="main" tabIndex={-1} className={cn("flex flex-1 flex-col outline-none", fills && "min-h-0 overflow-hidden")}>
          <SessionGate />
        </main>
      </div>
    </QueryClientProvider>
  )
}

/** Lets pages in once there is a session, and keeps them mounted, with all that was typed, when it ends. */
function SessionGate() {
  const { isLoaded, isSignedIn, userId } = useAuth()
  const [entered, setEntered] = useState(false)
  if (isSignedIn && !entered) setEntered(true)
  const isOutside = isLoaded && !isSignedIn && !entered

  useEffect(() => {
    if (isOutside && !isLeaving()) location.replace(signInPath(here()))
  }, [isOutside])
  useOneAccount(userId ?? null)

  if (!entered) return <ConnectingState />
  return (
    <>
      <Outlet />
      <SignedOutDialog isSignedIn={isSignedIn !== false} />
    </>
  )
}

/** Somebody else signed in from another tab: nothing of the first account may stay on the screen. */
function useOneAccount(userId: string | null) {
  const first = useRef<string | null>(null)
  useEffect(() => {
    if (!userId) return
    if (first.current && first.current !== userId) {
      queryClient.clear()
      location.reload()
    }
    first.current = userId
  }, [userId])
}

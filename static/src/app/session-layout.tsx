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

/** The layout of pages that need a session. */
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

/** Shows pages once there is a session, and keeps them mounted, with unsaved input, when it ends. */
function SessionGate() {
  const { isLoaded, isSignedIn, userId } = useAuth()
  const [entered, setEntered] = useState(false)
  if (isSignedIn && !entered) setEntered(true)
  const isOutside = isLoaded && !isSignedIn && !entered

  useEffect(() => {
    if (isOutside && !isLeaving()) location.replace(signInPath(here()))
  }, [isOutside])
  useReloadOnAccountChange(userId ?? null)

  if (!entered) return <ConnectingState />
  return (
    <>
      <Outlet />
      <SignedOutDialog isSignedIn={isSignedIn !== false} />
    </>
  )
}

/** Reloads the page when another account signs in from another tab, so that no data of the first account stays visible. */
function useReloadOnAccountChange(userId: string | null) {
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

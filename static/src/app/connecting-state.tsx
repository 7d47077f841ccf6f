import { useAuth } from "@clerk/react"
import { useEffect, useState } from "react"

import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Skeleton } from "@/components/ui/skeleton"

import { useClerkStatus } from "./use-clerk-status"

/** Longer than this, and a person should know that it is not them. The page goes on by itself if Clerk answers yet. */
export const PATIENCE_MS = 8_000

/** While it is not known who is signed in: a quiet outline, then, if it takes too long, the truth. */
export function ConnectingState() {
  const { isLoaded } = useAuth()
  const failed = useClerkStatus() === "error"
  const late = useElapsed(PATIENCE_MS) && !isLoaded
  if (failed || late) return <SignInUnavailable failed={failed} />
  return (
    <div role="status" className="mx-auto w-full max-w-6xl px-4 py-8 sm:px-6 sm:py-12">
      <PageTitle>Loading</PageTitle>
      <span className="sr-only">Loading…</span>
      <Skeleton className="h-9 w-56" />
      <Skeleton className="mt-4 h-5 w-80 max-w-full" />
      <div className="mt-10 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {Array.from({ length: 3 }, (_, i) => (
          <Skeleton key={i} className="h-40 rounded-xl" />
        ))}
      </div>
    </div>
  )
}

/** Clerk did not answer: nobody can be signed in until it does. */
export function SignInUnavailable({ failed }: { failed: boolean }) {
  return (
    <div className="grid min-h-[60dvh] place-items-center">
      <PageTitle>Sign-in unavailable</PageTitle>
      <ErrorState
        as="h1"
        title={failed ? "The sign-in service could not be reached" : "The sign-in service is slow to answer"}
        onRetry={() => location.reload()}
        retryLabel="Retry"
      >
        Persona checks who you are with Clerk, and that check did not come through. Look at your connection, and whether
        a content blocker is at work, then retry.
      </ErrorState>
    </div>
  )
}

/** Whether `ms` have gone by since the component was first shown. */
export function useElapsed(ms: number) {
  const [elapsed, setElapsed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return elapsed
}

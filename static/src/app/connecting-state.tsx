import { useAuth } from "@clerk/react"
import { useEffect, useState } from "react"

import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Skeleton } from "@/components/ui/skeleton"

import { useClerkStatus } from "./use-clerk-status"

/** How long to wait for Clerk before an error is shown. The page continues if Clerk loads later. */
export const CLERK_TIMEOUT_MS = 8_000

/** Shown while Clerk loads: a skeleton, then an error if it takes too long. */
export function ConnectingState() {
  const { isLoaded } = useAuth()
  const failed = useClerkStatus() === "error"
  const late = useElapsed(CLERK_TIMEOUT_MS) && !isLoaded
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

/** The error when Clerk is unreachable or slow. */
export function SignInUnavailable({ failed }: { failed: boolean }) {
  return (
    <div className="grid min-h-[60dvh] place-items-center">
      <PageTitle>Sign-in unavailable</PageTitle>
      <ErrorState
        as="h1"
        title={failed ? "The sign-in service could not be reached" : "The sign-in service is slow to respond"}
        onRetry={() => location.reload()}
        retryLabel="Retry"
      >
        Persona uses Clerk to sign you in, and Clerk did not respond. Check your connection and your content blocker,
        then retry.
      </ErrorState>
    </div>
  )
}

/** Whether `ms` have passed since the component was mounted. */
export function useElapsed(ms: number) {
  const [elapsed, setElapsed] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setElapsed(true), ms)
    return () => clearTimeout(timer)
  }, [ms])
  return elapsed
}

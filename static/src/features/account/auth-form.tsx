import { useAuth, useClerk } from "@clerk/react"
import { useEffect, useState, type ReactNode } from "react"
import { useSearchParams } from "react-router"

import { CLERK_TIMEOUT_MS, SignInUnavailable, useElapsed } from "@/app/connecting-state"
import { useClerkStatus } from "@/app/use-clerk-status"
import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Skeleton } from "@/components/ui/skeleton"
import { callbackPath, paths, safeRedirect } from "@/lib/paths"

import { mayRedirect } from "./redirect-limit"

/** The page to open after signing in. */
export function useTarget() {
  const [search] = useSearchParams()
  return safeRedirect(search.get("redirect_url"), location.origin)
}

/** `path` with the same `redirect_url` as this page. */
export function withTarget(path: string, target: string | null) {
  return target ? `${path}?redirect_url=${encodeURIComponent(target)}` : path
}

/** Wraps Clerk's forms: skeleton, load error, and redirect of signed-in users. */
export function AuthForm({ title, children }: { title: string; children: ReactNode }) {
  const { isLoaded, isSignedIn } = useAuth()
  const status = useClerkStatus()
  const late = useElapsed(CLERK_TIMEOUT_MS) && !isLoaded
  const [wasSignedIn, setWasSignedIn] = useState<boolean | null>(null)
  if (isLoaded && wasSignedIn === null) setWasSignedIn(isSignedIn ?? false)

  if (status === "error" || late) return <SignInUnavailable failed={status === "error"} />
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <h1 className="sr-only">{title}</h1>
      {!isLoaded ? <FormSkeleton /> : wasSignedIn ? <AlreadySignedIn /> : children}
    </>
  )
}

export function FormSkeleton() {
  return (
    <div role="status" className="rounded-xl border bg-card p-8">
      <span className="sr-only">Loading the form…</span>
      <Skeleton className="mx-auto h-6 w-44" />
      <Skeleton className="mx-auto mt-3 h-4 w-60" />
      <Skeleton className="mt-10 h-4 w-24" />
      <Skeleton className="mt-2 h-10 w-full" />
      <Skeleton className="mt-6 h-10 w-full" />
    </div>
  )
}

/** Redirects to the target page; shows an error instead if the server redirects back repeatedly. */
function AlreadySignedIn() {
  const clerk = useClerk()
  const target = useTarget()
  const [isStuck, setIsStuck] = useState(false)
  useEffect(() => {
    if (mayRedirect(sessionStorage, Date.now())) location.replace(callbackPath(target))
    else setIsStuck(true)
  }, [target])

  if (!isStuck) return <FormSkeleton />
  return (
    <ErrorState
      title="Your session could not be confirmed"
      onRetry={() => void clerk.signOut({ redirectUrl: withTarget(paths.signIn, target) })}
      retryLabel="Sign out and start over"
    >
      This browser has a session that the server rejects. Sign in again. If this error comes back, check the clock of
      this device.
    </ErrorState>
  )
}

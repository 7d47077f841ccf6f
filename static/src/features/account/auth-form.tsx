import { useAuth, useClerk } from "@clerk/react"
import { useEffect, useState, type ReactNode } from "react"
import { useSearchParams } from "react-router"

import { PATIENCE_MS, SignInUnavailable, useElapsed } from "@/app/connecting-state"
import { useClerkStatus } from "@/app/use-clerk-status"
import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Skeleton } from "@/components/ui/skeleton"
import { callbackPath, paths, safeRedirect } from "@/lib/paths"

import { mayBounce } from "./bounce"

/** Where the person was going when asked to sign in. */
export function useTarget() {
  const [search] = useSearchParams()
  return safeRedirect(search.get("redirect_url"), location.origin)
}

/** `path` with the same `redirect_url` as this page. */
export function withTarget(path: string, target: string | null) {
  return target ? `${path}?redirect_url=${encodeURIComponent(target)}` : path
}

/** What stands around Clerk's forms: the wait for them, the failure to load them, the person who needs none. */
export function AuthForm({ title, children }: { title: string; children: ReactNode }) {
  const { isLoaded, isSignedIn } = useAuth()
  const status = useClerkStatus()
  const late = useElapsed(PATIENCE_MS) && !isLoaded
  const [cameSignedIn, setCameSignedIn] = useState<boolean | null>(null)
  if (isLoaded && cameSignedIn === null) setCameSignedIn(isSignedIn ?? false)

  if (status === "error" || late) return <SignInUnavailable failed={status === "error"} />
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <h1 className="sr-only">{title}</h1>
      {!isLoaded ? <FormSkeleton /> : cameSignedIn ? <AlreadySignedIn /> : children}
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

/** Goes on to where the person was going; if the server keeps sending them back, says so instead of going round. */
function AlreadySignedIn() {
  const clerk = useClerk()
  const target = useTarget()
  const [isStuck, setIsStuck] = useState(false)
  useEffect(() => {
    if (mayBounce(sessionStorage, Date.now())) location.replace(callbackPath(target))
    else setIsStuck(true)
  }, [target])

  if (!isStuck) return <FormSkeleton />
  return (
    <ErrorState
      title="Your session could not be confirmed"
      onRetry={() => void clerk.signOut({ redirectUrl: withTarget(paths.signIn, target) })}
      retryLabel="Sign out and start over"
    >
      This browser says you are signed in, but the server does not agree. Signing in anew settles it. If it happens
      again, check that this device's clock is right.
    </ErrorState>
  )
}

import { AuthenticateWithRedirectCallback } from "@clerk/react"

import { SignInUnavailable, useElapsed } from "@/app/connecting-state"
import { useClerkStatus } from "@/app/use-clerk-status"
import { PageTitle } from "@/components/page"
import { callbackPath, paths } from "@/lib/paths"

import { FormSkeleton, useTarget } from "./auth-form"

/** The page to which Google redirects back. Clerk completes the sign-in and redirects. */
export default function SsoCallbackPage() {
  const failed = useClerkStatus() === "error"
  const late = useElapsed(20_000)
  const done = callbackPath(useTarget())
  if (failed || late) return <SignInUnavailable failed={failed} />
  return (
    <>
      <PageTitle>Signing in</PageTitle>
      <h1 className="sr-only">Signing in</h1>
      <FormSkeleton />
      {/* Clerk renders its CAPTCHA here. */}
      <div id="clerk-captcha" />
      <AuthenticateWithRedirectCallback
        signInUrl={paths.signIn}
        signUpUrl={paths.signUp}
        signInForceRedirectUrl={done}
        signUpForceRedirectUrl={done}
      />
    </>
  )
}

import { SignIn } from "@clerk/react"

import { callbackPath, paths } from "@/lib/paths"

import { AuthForm, FormSkeleton, useTarget, withTarget } from "./auth-form"

export default function SignInPage() {
  const target = useTarget()
  const done = callbackPath(target)
  return (
    <AuthForm title="Sign in">
      <SignIn
        routing="path"
        path={paths.signIn}
        signUpUrl={withTarget(paths.signUp, target)}
        forceRedirectUrl={done}
        signUpForceRedirectUrl={done}
        fallback={<FormSkeleton />}
      />
    </AuthForm>
  )
}

import { SignUp } from "@clerk/react"

import { callbackPath, paths } from "@/lib/paths"

import { AuthForm, FormSkeleton, useTarget, withTarget } from "./auth-form"

export default function SignUpPage() {
  const target = useTarget()
  const done = callbackPath(target)
  return (
    <AuthForm title="Create your account">
      <SignUp
        routing="path"
        path={paths.signUp}
        signInUrl={withTarget(paths.signIn, target)}
        forceRedirectUrl={done}
        signInForceRedirectUrl={done}
        fallback={<FormSkeleton />}
      />
    </AuthForm>
  )
}

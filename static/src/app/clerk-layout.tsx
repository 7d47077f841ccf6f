import { ClerkProvider } from "@clerk/react"
import { Outlet, useNavigate, useSearchParams } from "react-router"

import { appearance } from "@/features/account/appearance"
import { localization } from "@/features/account/localization"
import { config } from "@/lib/config"
import { callbackPath, paths, safeRedirect } from "@/lib/paths"

import { UnconfiguredPage } from "./unconfigured-page"

const needsInterface = (pathname: string) => /^\/(sign-in|sign-up|account)(\/|$)/.test(pathname)
// Clerk's prebuilt interface is a script of its own. Pages that show none of it start faster without it;
// the way from such a page to one that does is therefore always a new document.
const prefetchUI = typeof location === "undefined" || needsInterface(location.pathname) ? undefined : false

/** Everything below may ask Clerk who is signed in. */
export default function ClerkLayout() {
  const navigate = useNavigate()
  const [search] = useSearchParams()
  if (!config) return <UnconfiguredPage />

  // The callback makes the account known to Persona before any page asks for it.
  const done = callbackPath(safeRedirect(search.get("redirect_url"), location.origin))
  const go = (to: string, replace: boolean) => {
    const url = new URL(to, location.origin)
    const isHere = url.origin === location.origin && needsInterface(url.pathname) && needsInterface(location.pathname)
    if (isHere) void navigate(url.pathname + url.search + url.hash, { replace })
    else if (replace) location.replace(url)
    else location.assign(url)
  }
  return (
    <ClerkProvider
      publishableKey={config.clerk.publishableKey}
      proxyUrl={config.clerk.proxyUrl}
      prefetchUI={prefetchUI}
      telemetry={false}
      signInUrl={paths.signIn}
      signUpUrl={paths.signUp}
      signInForceRedirectUrl={done}
      signUpForceRedirectUrl={done}
      afterSignOutUrl={paths.home}
      routerPush={(to) => go(to, false)}
      routerReplace={(to) => go(to, true)}
      appearance={appearance}
      localization={localization}
    >
      <Outlet />
    </ClerkProvider>
  )
}

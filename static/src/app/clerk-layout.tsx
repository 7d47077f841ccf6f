import { ClerkProvider } from "@clerk/react"
import { Outlet, useNavigate, useSearchParams } from "react-router"

import { appearance } from "@/features/account/appearance"
import { localization } from "@/features/account/localization"
import { config } from "@/lib/config"
import { callbackPath, paths, safeRedirect } from "@/lib/paths"

import { UnconfiguredPage } from "./unconfigured-page"

const needsInterface = (pathname: string) => /^\/(sign-in|sign-up|account)(\/|$)/.test(pathname)
// Clerk's prebuilt UI is a separate script, loaded only on pages that use it. Navigation from other pages to these
// therefore loads a new document.
const prefetchUI = typeof location === "undefined" || needsInterface(location.pathname) ? undefined : false

/** Provides Clerk to all routes below. */
export default function ClerkLayout() {
  const navigate = useNavigate()
  const [search] = useSearchParams()
  if (!config) return <UnconfiguredPage />

  // The callback creates the user's row before any page loads data.
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

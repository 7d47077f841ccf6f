import { useEffect, useRef, useState } from "react"
import { Outlet, ScrollRestoration, useLocation, useNavigation } from "react-router"

import { Toaster } from "@/components/ui/sonner"
import { TooltipProvider } from "@/components/ui/tooltip"

/** Shared by all pages: skip link, loading bar, navigation announcements, toasts. */
export function RootLayout() {
  return (
    <TooltipProvider>
      <a
        href="#main"
        className="sr-only rounded-md bg-primary px-4 py-2 text-sm font-medium text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the content
      </a>
      <LoadingBar />
      <Outlet />
      <RouteAnnouncer />
      <ScrollRestoration />
      {/* Below the header: at the bottom it would cover the composer. */}
      <Toaster position="top-center" offset={{ top: 64 }} mobileOffset={{ top: 64 }} closeButton />
    </TooltipProvider>
  )
}

/** Shown while the first route loads. Invisible for the first 500 ms, since most loads are shorter. */
export function Booting() {
  return (
    <div role="status" className="grid min-h-dvh place-items-center">
      <span className="animate-in text-sm text-muted-foreground delay-500 duration-500 fill-mode-both fade-in-0">
        Loading…
      </span>
    </div>
  )
}

function LoadingBar() {
  const isLoading = useNavigation().state !== "idle"
  if (!isLoading) return null
  return (
    <div aria-hidden className="fixed inset-x-0 top-0 z-50 h-0.5 overflow-hidden">
      <div className="h-full w-1/3 animate-loading-bar bg-primary" />
    </div>
  )
}

/** After a navigation, moves the focus to the new page and announces its title, as a page load does. */
function RouteAnnouncer() {
  const { pathname } = useLocation()
  const section = sectionOf(pathname)
  const shown = useRef(section)
  const [message, setMessage] = useState("")

  useEffect(() => {
    if (shown.current === section) return
    shown.current = section
    const frame = requestAnimationFrame(() => {
      setMessage(document.title)
      // Keep the focus if the page has already set it.
      if (document.activeElement === document.body || !document.activeElement?.closest("#main")) {
        document.getElementById("main")?.focus({ preventScroll: true })
      }
    })
    return () => cancelAnimationFrame(frame)
  }, [section])

  return (
    <p role="status" aria-live="polite" className="sr-only">
      {message}
    </p>
  )
}

/** Clerk handles the focus within sign-in, sign-up and account pages, so each counts as one page. */
function sectionOf(pathname: string) {
  return /^\/(sign-in|sign-up|account)(?=\/|$)/.exec(pathname)?.[0] ?? pathname
}

import { createBrowserRouter, type RouteObject } from "react-router"

import { ErrorPage } from "./error-page"
import { NotFoundPage } from "./not-found-page"
import { Booting, RootLayout } from "./root-layout"

/** What a route tells the shell about its page. */
export interface RouteHandle {
  /** The page is as tall as the window and scrolls inside itself. */
  fill?: boolean
}

type Loaded = { default: React.ComponentType }
const page = (load: () => Promise<Loaded>) => async () => ({ Component: (await load()).default })

// Sign-in routes come first so that a failure of Clerk is shown where it happens; the 404 page never loads Clerk.
const routes: RouteObject[] = [
  {
    Component: RootLayout,
    ErrorBoundary: ErrorPage,
    HydrateFallback: Booting,
    children: [
      {
        lazy: page(() => import("./clerk-layout")),
        children: [
          {
            lazy: page(() => import("@/features/account/auth-layout")),
            ErrorBoundary: ErrorPage,
            children: [
              { path: "sign-in/*", lazy: page(() => import("@/features/account/sign-in-page")) },
              { path: "sign-up/*", lazy: page(() => import("@/features/account/sign-up-page")) },
              { path: "sso-callback", lazy: page(() => import("@/features/account/sso-callback-page")) },
            ],
          },
          {
            lazy: page(() => import("./session-layout")),
            children: [
              {
                // A page that fails keeps the header around it.
                ErrorBoundary: ErrorPage,
                children: [
                  { path: "dashboard", lazy: page(() => import("@/features/home")) },
                  { path: "personas/new", lazy: page(() => import("@/features/create")) },
                  { path: "personas/:id", lazy: page(() => import("@/features/create")) },
                  {
                    path: "talk/:id",
                    lazy: page(() => import("@/features/talk")),
                    handle: { fill: true } satisfies RouteHandle,
                  },
                  { path: "account/*", lazy: page(() => import("@/features/account/account-page")) },
                ],
              },
            ],
          },
        ],
      },
      { path: "*", Component: NotFoundPage },
    ],
  },
]

export const router = createBrowserRouter(routes)

import { createBrowserRouter, type RouteObject } from "react-router"

import { ErrorPage } from "./error-page"
import { NotFoundPage } from "./not-found-page"
import { Booting, RootLayout } from "./root-layout"

/** Layout options of a route. */
export interface RouteHandle {
  /** The page fills the window and scrolls inside. */
  fill?: boolean
}

type Loaded = { default: React.ComponentType }
const page = (load: () => Promise<Loaded>) => async () => ({ Component: (await load()).default })

// The 404 page is outside of the Clerk layout, so it does not load Clerk.
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
            ErrorBoundary: ErrorPage,
            children: [{ path: "api/docs", lazy: page(() => import("@/features/api-docs")) }],
          },
          {
            lazy: page(() => import("./session-layout")),
            children: [
              {
                // A failed page keeps the header.
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

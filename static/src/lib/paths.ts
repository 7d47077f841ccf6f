/** All paths of the application. */
export const paths = {
  home: "/",
  dashboard: "/dashboard",
  newPersona: "/personas/new",
  persona: (id: string) => `/personas/${id}`,
  talk: (conversationId: string) => `/talk/${conversationId}`,
  account: "/account",
  signIn: "/sign-in",
  signUp: "/sign-up",
  apiDocs: "/api/docs",
  openApi: "/api/openapi.json",
  file: (id: string) => `/api/files/${id}`,
}

/**
 * Validates a `redirect_url`: the path if it is on this origin, or else `null`. The server checks it again.
 */
export function safeRedirect(target: string | null | undefined, origin: string): string | null {
  // Browsers parse a backslash as a slash and drop control characters.
  if (!target || /[\\\p{Cc}]/u.test(target)) return null
  if (!URL.canParse(target, origin)) return null
  const url = new URL(target, origin)
  if (url.origin !== origin || url.pathname.startsWith("//")) return null
  return url.pathname + url.search + url.hash
}

/** The callback after signing in, which creates the user's row and redirects to `target`. */
export function callbackPath(target: string | null): string {
  return target ? `/auth/callback?redirect_url=${encodeURIComponent(target)}` : "/auth/callback"
}

/** The sign-in page with a redirect to `target`. */
export function signInPath(target: string): string {
  return `${paths.signIn}?redirect_url=${encodeURIComponent(target)}`
}

/** Every address of the application, in one place. */
export const paths = {
  home: "/",
  dashboard: "/dashboard",
  newPersona: "/personas/new",
  persona: (id: string) => `/personas/${id}`,
  talk: (conversationId: string) => `/talk/${conversationId}`,
  account: "/account",
  signIn: "/sign-in",
  signUp: "/sign-up",
  file: (id: string) => `/api/files/${id}`,
}

/**
 * A `redirect_url` that may be followed: a path of this origin, or nothing.
 * The server checks again; this keeps a crafted link from being carried along at all.
 */
export function safeRedirect(target: string | null | undefined, origin: string): string | null {
  // Browsers read a backslash as a slash and drop control characters: neither belongs in an address of ours.
  if (!target || /[\\\p{Cc}]/u.test(target)) return null
  if (!URL.canParse(target, origin)) return null
  const url = new URL(target, origin)
  if (url.origin !== origin || url.pathname.startsWith("//")) return null
  return url.pathname + url.search + url.hash
}

/** Where Clerk goes once signed in: the callback, which makes the account known and goes on to `target`. */
export function callbackPath(target: string | null): string {
  return target ? `/auth/callback?redirect_url=${encodeURIComponent(target)}` : "/auth/callback"
}

/** The sign-in page that comes back to `target`. */
export function signInPath(target: string): string {
  return `${paths.signIn}?redirect_url=${encodeURIComponent(target)}`
}

// Shows "Open the dashboard" to signed-in users. This is only a hint; the server checks the session.

/** Whether Clerk's `__client_uat` cookie indicates a session in this browser. */
export function saysSignedIn(cookies: string): boolean {
  return cookies.split(/;\s*/).some((cookie) => /^__client_uat(?:_[\w-]+)?=[1-9]\d*$/.test(cookie))
}

if (typeof document !== "undefined" && saysSignedIn(document.cookie)) {
  document.documentElement.dataset.session = "in"
}

// Shows "Open the dashboard" to people who are signed in. Only a hint: the server decides when they get there.

/** Whether Clerk's cookie says that somebody is signed in on this browser. */
export function saysSignedIn(cookies: string): boolean {
  return cookies.split(/;\s*/).some((cookie) => /^__client_uat(?:_[\w-]+)?=[1-9]\d*$/.test(cookie))
}

if (typeof document !== "undefined" && saysSignedIn(document.cookie)) {
  document.documentElement.dataset.session = "in"
}

/** The target of a link in a message; `null` for anything but http, https and mailto. */
export function linkTarget(href: string | undefined): { href: string; host: string } | null {
  if (!href || !URL.canParse(href)) return null
  const url = new URL(href)
  // The parsed host, so that user info before an @ cannot look like the host.
  if (url.protocol === "https:" || url.protocol === "http:") return { href: url.href, host: url.host }
  if (url.protocol === "mailto:") return { href: url.href, host: "email" }
  return null
}

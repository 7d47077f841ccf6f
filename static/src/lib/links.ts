/** Where a link in a message leads; `null` for anything that is not a way out to the web or to a mailbox. */
export function linkTarget(href: string | undefined): { href: string; host: string } | null {
  if (!href || !URL.canParse(href)) return null
  const url = new URL(href)
  // The host is shown as the browser will use it: no name in front of an @ can pretend to be it.
  if (url.protocol === "https:" || url.protocol === "http:") return { href: url.href, host: url.host }
  if (url.protocol === "mailto:") return { href: url.href, host: "e-mail" }
  return null
}

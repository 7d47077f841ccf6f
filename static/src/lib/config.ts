/** What the server tells the page about its surroundings, in `<script id="persona-config">`. */
export interface PageConfig {
  clerk: {
    /** `pk_test_…` or `pk_live_…`. */
    publishableKey: string
    /** Where Clerk's Frontend API is proxied, e.g. `/__clerk`; absent when the browser talks to Clerk itself. */
    proxyUrl?: string
  }
}

/** Reads the page's configuration from its JSON text; `null` where there is none or it lacks the key. */
export function parseConfig(json: string | null | undefined): PageConfig | null {
  if (!json) return null
  try {
    const { clerk } = JSON.parse(json) as Partial<PageConfig>
    if (typeof clerk?.publishableKey !== "string" || clerk.publishableKey === "") return null
    const proxyUrl = typeof clerk.proxyUrl === "string" && clerk.proxyUrl !== "" ? clerk.proxyUrl : undefined
    return { clerk: { publishableKey: clerk.publishableKey, ...(proxyUrl && { proxyUrl }) } }
  } catch {
    return null
  }
}

export const config = parseConfig(
  typeof document === "undefined" ? null : document.getElementById("persona-config")?.textContent,
)

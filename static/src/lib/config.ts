/** The page configuration that the server embeds as `<script id="persona-config">`. */
export interface PageConfig {
  clerk: {
    /** `pk_test_…` or `pk_live_…`. */
    publishableKey: string
    /** The path of the Frontend API proxy, e.g. `/__clerk`; absent if the browser calls Clerk directly. */
    proxyUrl?: string
  }
}

/** Parses the page configuration; `null` if it is missing, invalid or has no key. */
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

const KEY = "persona-bounces"
const WINDOW_MS = 20_000
const REDIRECTS_MAX = 3

type RedirectStorage = Pick<Storage, "getItem" | "setItem">

/**
 * Whether the sign-in page may redirect a signed-in user again. After three redirects within 20 seconds browser and
 * server disagree about the session, and further redirects would loop.
 */
export function mayRedirect(storage: RedirectStorage, now: number): boolean {
  try {
    const times: unknown = JSON.parse(storage.getItem(KEY) ?? "[]")
    const recent = (Array.isArray(times) ? times : []).filter(
      (time): time is number => typeof time === "number" && now - time < WINDOW_MS && time <= now,
    )
    if (recent.length >= REDIRECTS_MAX) {
      storage.setItem(KEY, "[]")
      return false
    }
    storage.setItem(KEY, JSON.stringify([...recent, now]))
    return true
  } catch {
    // Without storage a loop could not be detected.
    return false
  }
}

const KEY = "persona-bounces"
const WINDOW_MS = 20_000
const BOUNCES_MAX = 3

type Memory = Pick<Storage, "getItem" | "setItem">

/**
 * Whether the sign-in page may once more send a signed-in person on. Three times within 20 seconds means that
 * browser and server disagree about the session, and sending on would go round for ever.
 */
export function mayBounce(memory: Memory, now: number): boolean {
  try {
    const times: unknown = JSON.parse(memory.getItem(KEY) ?? "[]")
    const recent = (Array.isArray(times) ? times : []).filter(
      (time): time is number => typeof time === "number" && now - time < WINDOW_MS && time <= now,
    )
    if (recent.length >= BOUNCES_MAX) {
      memory.setItem(KEY, "[]")
      return false
    }
    memory.setItem(KEY, JSON.stringify([...recent, now]))
    return true
  } catch {
    // No storage, no memory: better to ask than to go round unseen.
    return false
  }
}

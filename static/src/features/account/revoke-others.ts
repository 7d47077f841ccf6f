/** Revokes the sessions of an account except this browser's. */

/** The used part of Clerk's session list entries. */
interface OtherSession {
  id: string
  revoke: () => Promise<unknown>
}

/** The used part of Clerk's session. */
export interface ThisSession {
  id: string
  reload: () => Promise<unknown>
  user: { getSessions: () => Promise<OtherSession[]> }
}

/**
 * Revokes every other session of this session's user.
 *
 * Rejects if a session may still be active. The others are revoked then, and calling again is safe.
 */
export async function revokeOthers(session: ThisSession): Promise<void> {
  // Clerk caches the session list in the user object; a reloaded session has a new user object.
  await session.reload()
  const sessions = await session.user.getSessions()
  // Clerk returns an empty list, not an error, when the request fails.
  if (!sessions.some(({ id }) => id === session.id)) throw new Error("The sessions could not be listed.")
  const others = sessions.filter(({ id }) => id !== session.id)
  const outcomes = await Promise.allSettled(others.map((other) => other.revoke()))
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !isNotFound(outcome.reason)) throw outcome.reason
  }
}

/** Whether the session had already ended. */
function isNotFound(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error && error.status === 404
}

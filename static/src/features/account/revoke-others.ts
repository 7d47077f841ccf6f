/** Ending the sessions of an account that are not this browser's. */

/** The part of Clerk's list of sessions that is used. */
interface OtherSession {
  id: string
  revoke: () => Promise<unknown>
}

/** The part of Clerk's session that is used. */
export interface ThisSession {
  id: string
  reload: () => Promise<unknown>
  user: { getSessions: () => Promise<OtherSession[]> }
}

/**
 * Ends every other session of the person whose session this is.
 *
 * Rejects if one of them may still be good. Those that were reached are ended then, and calling again is safe.
 */
export async function revokeOthers(session: ThisSession): Promise<void> {
  // Clerk lists the sessions of a user once and then remembers; a session that is read anew has a new user.
  await session.reload()
  const sessions = await session.user.getSessions()
  // Clerk answers an empty list, not an error, when it could not ask.
  if (!sessions.some(({ id }) => id === session.id)) throw new Error("The sessions could not be listed.")
  const others = sessions.filter(({ id }) => id !== session.id)
  const outcomes = await Promise.allSettled(others.map((other) => other.revoke()))
  for (const outcome of outcomes) {
    if (outcome.status === "rejected" && !isOver(outcome.reason)) throw outcome.reason
  }
}

/** Whether the session was gone already. */
function isOver(error: unknown): boolean {
  return typeof error === "object" && error !== null && "status" in error && error.status === 404
}

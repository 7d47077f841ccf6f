/** Notifies the application when the API reports that the session has ended. */

const target = new EventTarget()
const SIGNED_OUT = "signed-out"

/** Calls `listener` whenever a request finds the session ended. Returns the unsubscribe function. */
export function onSignedOut(listener: () => void): () => void {
  target.addEventListener(SIGNED_OUT, listener)
  return () => target.removeEventListener(SIGNED_OUT, listener)
}

/** Called by the API client only. */
export function emitSignedOut(): void {
  target.dispatchEvent(new Event(SIGNED_OUT))
}

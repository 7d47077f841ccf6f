/** Tells the shell when the API says that nobody is signed in any more. */

const target = new EventTarget()
const SIGNED_OUT = "signed-out"

/** Calls `listener` whenever a request finds the session ended. Answers the function that ends this. */
export function onSignedOut(listener: () => void): () => void {
  target.addEventListener(SIGNED_OUT, listener)
  return () => target.removeEventListener(SIGNED_OUT, listener)
}

/** Only the client calls this. */
export function emitSignedOut(): void {
  target.dispatchEvent(new Event(SIGNED_OUT))
}

// Records that the user is signing out, so that the end of the session is not reported as unexpected.

let leaving = false

/** Marks the start of a sign-out; `false` marks its failure. */
export function leave(value = true) {
  leaving = value
}

/** Whether the user is signing out. */
export function isLeaving() {
  return leaving
}

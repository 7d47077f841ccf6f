// Remembers that the person is signing out on purpose: what the session does then is no surprise.

let leaving = false

/** The person signs out on purpose; `false` takes it back when that failed. */
export function leave(value = true) {
  leaving = value
}

/** Whether the person is signing out on purpose. */
export function isLeaving() {
  return leaving
}

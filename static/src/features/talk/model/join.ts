/**
 * Joining a reply in the middle: the stored text may already hold a part of what the stream repeats
 * from its beginning, and for Continue it begins with text that the stream never repeats.
 */

/** The text to show: `stored` without the part that `written` repeats, then `written`; never less than `stored`. */
export function joinText(stored: string, written: string): string {
  for (let from = 0; from <= stored.length; from++) {
    const tail = stored.slice(from)
    if (written.startsWith(tail)) return stored.slice(0, from) + written
    // The stream has not caught up with what is stored yet.
    if (tail.startsWith(written)) return stored
  }
  return stored + written
}

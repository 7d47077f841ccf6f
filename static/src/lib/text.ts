/** The length of a text in Unicode code points: how every limit of ours, and the server, counts. */
export function codePoints(text: string): number {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** Tags in the server's form: lower-case, single spaces, no duplicates. */
import { codePoints } from "@/lib/text"
import { TAG_CHARS_MAX, TAGS_MAX } from "@/lib/wire"

export interface TagsChange {
  tags: string[]
  /** The error message, if some input was rejected. */
  problem: string | null
  /** Rejected input, which stays in the field. */
  rest: string
}

/** Adds typed or pasted input, separated by commas, semicolons or line breaks, to `tags`. */
export function addTags(tags: readonly string[], typed: string): TagsChange {
  const next = [...tags]
  const rest: string[] = []
  let problem: string | null = null
  for (const part of typed.split(/[,\n;]/u)) {
    const tag = part.trim().split(/\s+/u).join(" ").toLowerCase()
    if (tag === "" || next.includes(tag)) continue
    if (codePoints(tag) > TAG_CHARS_MAX) {
      problem = `A tag can have at most ${TAG_CHARS_MAX} characters.`
      rest.push(part.trim())
    } else if (next.length >= TAGS_MAX) {
      problem = `At most ${TAGS_MAX} tags are allowed.`
      rest.push(part.trim())
    } else {
      next.push(tag)
    }
  }
  return { tags: next, problem, rest: rest.join(", ") }
}

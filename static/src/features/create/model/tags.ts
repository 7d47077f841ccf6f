/** Tags as the server takes them: lower-case, single spaces, none twice. */
import { codePoints } from "@/lib/text"
import { TAG_CHARS_MAX, TAGS_MAX } from "@/lib/wire"

export interface TagsChange {
  tags: string[]
  /** Why not everything was taken, as a sentence. */
  problem: string | null
  /** What was not taken, to be left where it was typed. */
  rest: string
}

/** Adds what was typed, or pasted with commas or line breaks, to `tags`. */
export function addTags(tags: readonly string[], typed: string): TagsChange {
  const next = [...tags]
  const rest: string[] = []
  let problem: string | null = null
  for (const part of typed.split(/[,\n;]/u)) {
    const tag = part.trim().split(/\s+/u).join(" ").toLowerCase()
    if (tag === "" || next.includes(tag)) continue
    if (codePoints(tag) > TAG_CHARS_MAX) {
      problem = `A tag can be ${TAG_CHARS_MAX} characters long.`
      rest.push(part.trim())
    } else if (next.length >= TAGS_MAX) {
      problem = `${TAGS_MAX} tags are the most.`
      rest.push(part.trim())
    } else {
      next.push(tag)
    }
  }
  return { tags: next, problem, rest: rest.join(", ") }
}

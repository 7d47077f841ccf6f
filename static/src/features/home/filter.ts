import type { ConversationSummary, PersonaSummary } from "@/lib/wire"

/** The dashboard's filter. */
export interface Filter {
  text: string
  /** `null`: any tag. */
  tag: string | null
}

/** Folds case and diacritics: "Zoë", "zoe" and "ZOE" are equal. */
function fold(text: string) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
}

function containsEvery(text: string, words: string[]) {
  const folded = fold(text)
  return words.every((word) => folded.includes(word))
}

function words(text: string) {
  return fold(text).split(/\s+/u).filter(Boolean)
}

/** Personas whose name, tagline or tags contain every word. */
export function filterPersonas(personas: PersonaSummary[], { text, tag }: Filter): PersonaSummary[] {
  const wanted = words(text)
  return personas.filter(
    (persona) =>
      (tag === null || persona.tags.includes(tag)) &&
      containsEvery([persona.name, persona.tagline, ...persona.tags].join(" "), wanted),
  )
}

/** Conversations whose persona name or preview contains every word; with a tag, only with personas that have it. */
export function filterConversations(
  conversations: ConversationSummary[],
  personas: PersonaSummary[],
  { text, tag }: Filter,
): ConversationSummary[] {
  const wanted = words(text)
  const tagged = new Set(personas.filter((persona) => tag !== null && persona.tags.includes(tag)).map(({ id }) => id))
  return conversations.filter(
    ({ persona, preview }) =>
      (tag === null || tagged.has(persona.id)) && containsEvery(`${persona.name} ${preview}`, wanted),
  )
}

/** The most used tags, sorted by use and then alphabetically. */
export function commonTags(personas: PersonaSummary[], max: number): string[] {
  const counts = new Map<string, number>()
  for (const tag of personas.flatMap((persona) => persona.tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1)
  return [...counts]
    .sort(([a, many], [b, more]) => more - many || a.localeCompare(b))
    .slice(0, max)
    .map(([tag]) => tag)
}

/** The start of a message as plain text, without Markdown. */
export function plainPreview(markdown: string): string {
  return markdown
    .replace(/```[a-z0-9]*\n?/gi, " ")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^[#>\-+\s]+/gm, "")
    .replace(/(\*\*|__|~~|[*`])/g, "")
    .replace(/\s+/gu, " ")
    .trim()
}

/**
 * A persona's card, and the part of it that people edit. A card is a whole: what is not shown here is kept as it is.
 * The only module that names a card's fields.
 */
import type { CardJson } from "@/lib/wire"

/** The texts that people edit, and the field of the card behind each. */
const FIELDS = {
  name: "name",
  description: "description",
  personality: "personality",
  scenario: "scenario",
  greeting: "first_mes",
  example_dialogue: "mes_example",
  system_prompt: "system_prompt",
  post_history_instructions: "post_history_instructions",
} as const satisfies Record<string, keyof CardJson>
const TAGS = "tags" satisfies keyof CardJson
const NICKNAME = "nickname" satisfies keyof CardJson

export type CardText = keyof typeof FIELDS
const TEXTS = Object.keys(FIELDS) as CardText[]

/** What people edit of a card. */
export type CardView = Record<CardText, string> & { tags: string[] }

/** The fields of `card` as form controls hold them. A tag that stands twice is shown once. */
export function viewOf(card: CardJson): CardView {
  const texts = Object.fromEntries(TEXTS.map((text) => [text, shown(text, card[FIELDS[text]] ?? "")])) as Record<CardText, string>
  return { ...texts, tags: [...new Set(card[TAGS] ?? [])] }
}

/** Controls know one kind of line end, and those of one line none: a text must not change by being looked at. */
function shown(text: CardText, value: string): string {
  return text === "name" ? value.replace(/[\r\n]/gu, "") : value.replace(/\r\n?/gu, "\n")
}

/** `card` with the fields of `view` that were changed; all others, known or not, stay as they are. */
export function withView(card: CardJson, view: CardView): CardJson {
  const before = viewOf(card)
  const changed: CardJson = { ...card }
  for (const text of TEXTS) {
    if (view[text] !== before[text]) changed[FIELDS[text]] = text === "name" ? view[text].trim() : view[text]
  }
  if (!isSameList(view.tags, before.tags)) changed[TAGS] = view.tags
  return changed
}

/** The name to show. */
export function nameOf(card: CardJson): string {
  return (card[FIELDS.name] ?? "").trim()
}

/** What `{{char}}` stands for: the card's nickname, or the name that is being edited. */
export function charOf(card: CardJson, name: string): string {
  return (card[NICKNAME] ?? "").trim() || name.trim()
}

/** The view's field for a path in a card, e.g. `first_mes` or `tags.3`; `null` for a field that is not edited here. */
export function viewFieldOf(path: string): keyof CardView | null {
  const field = path.split(".")[0]
  if (field === TAGS) return "tags"
  return TEXTS.find((text) => FIELDS[text] === field) ?? null
}

export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

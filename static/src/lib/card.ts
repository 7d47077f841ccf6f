/**
 * A persona's card, and a view of its editable fields. Other fields are preserved.
 * The only module that contains names of card fields.
 */
import type { CardJson } from "@/lib/wire"

/** The editable texts and their card fields. */
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

/** The editable fields of a card. */
export type CardView = Record<CardText, string> & { tags: string[] }

/** The editable fields of `card`, as form controls represent them. Duplicate tags are removed. */
export function viewOf(card: CardJson): CardView {
  const texts = Object.fromEntries(TEXTS.map((text) => [text, shown(text, card[FIELDS[text]] ?? "")])) as Record<CardText, string>
  return { ...texts, tags: [...new Set(card[TAGS] ?? [])] }
}

/** Form controls normalize line breaks, and single-line ones remove them. That must not count as a change. */
function shown(text: CardText, value: string): string {
  return text === "name" ? value.replace(/[\r\n]/gu, "") : value.replace(/\r\n?/gu, "\n")
}

/** `card` with the changed fields of `view`. All other fields stay unchanged. */
export function withView(card: CardJson, view: CardView): CardJson {
  const before = viewOf(card)
  const changed: CardJson = { ...card }
  for (const text of TEXTS) {
    if (view[text] !== before[text]) changed[FIELDS[text]] = text === "name" ? view[text].trim() : view[text]
  }
  if (!isSameList(view.tags, before.tags)) changed[TAGS] = view.tags
  return changed
}

/** The trimmed name. */
export function nameOf(card: CardJson): string {
  return (card[FIELDS.name] ?? "").trim()
}

/** The value of `{{char}}`: the card's nickname, or else the edited name. */
export function charOf(card: CardJson, name: string): string {
  return (card[NICKNAME] ?? "").trim() || name.trim()
}

/** The view's field for a path in a card, e.g. `first_mes` or `tags.3`; `null` if it is not editable. */
export function viewFieldOf(path: string): keyof CardView | null {
  const field = path.split(".")[0]
  if (field === TAGS) return "tags"
  return TEXTS.find((text) => FIELDS[text] === field) ?? null
}

export function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index])
}

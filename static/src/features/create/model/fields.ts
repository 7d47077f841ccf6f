/** The editor's fields and their validation. */
import { isSameList, viewFieldOf, viewOf, type CardView } from "@/lib/card"
import { codePoints } from "@/lib/text"
import { DEFINITION_CHARS_MAX, GREETING_CHARS_MAX, NAME_CHARS_MAX, TAGLINE_CHARS_MAX, type Persona } from "@/lib/wire"

/** The editable fields: a view of the card, the tagline and the avatar. */
export type PersonaFields = CardView & Pick<Persona, "tagline" | "avatar_id">
export type FieldName = keyof PersonaFields
export type TextName = Exclude<FieldName, "tags" | "avatar_id">

/** In characters. A longer tagline is invalid; for the other fields there is a warning. */
export const LIMITS: Record<TextName, number> = {
  name: NAME_CHARS_MAX,
  tagline: TAGLINE_CHARS_MAX,
  description: DEFINITION_CHARS_MAX,
  personality: DEFINITION_CHARS_MAX,
  scenario: DEFINITION_CHARS_MAX,
  greeting: GREETING_CHARS_MAX,
  example_dialogue: DEFINITION_CHARS_MAX,
  system_prompt: DEFINITION_CHARS_MAX,
  post_history_instructions: DEFINITION_CHARS_MAX,
}

export const TEXT_NAMES = Object.keys(LIMITS) as TextName[]

/** The prefix of card fields in the server's field names. */
const CARD_PATH = "card."

/** In the order of the page, to focus the first invalid field. */
export const FIELD_NAMES: FieldName[] = ["avatar_id", "name", "tagline", "tags", ...TEXT_NAMES.slice(2)]

/** The fields of the section that can be collapsed. */
export const ADVANCED: readonly FieldName[] = ["system_prompt", "post_history_instructions"]

export const EMPTY: PersonaFields = { ...viewOf({}), tagline: "", avatar_id: null }

export function fieldsOf(persona: Persona): PersonaFields {
  return { ...viewOf(persona.card), tagline: persona.tagline, avatar_id: persona.avatar_id }
}

/** Whether the server would store the same value for both. */
export function sameFields(a: PersonaFields, b: PersonaFields): boolean {
  const stored = (fields: PersonaFields, name: TextName) =>
    name === "name" || name === "tagline" ? fields[name].trim() : fields[name]
  return a.avatar_id === b.avatar_id && isSameList(a.tags, b.tags) && TEXT_NAMES.every((name) => stored(a, name) === stored(b, name))
}

/** `true`, or the error message for a text that the server would reject. */
export function checkText(name: TextName, value: string): string | true {
  if (name === "name" && value.trim() === "") return "Give your persona a name."
  if (value.includes("\0")) return "This contains a character that cannot be stored (U+0000)."
  return name !== "tagline" || !isLong(name, value) || `This is ${lengthOf(name, value)} characters long; the limit is ${LIMITS[name]}.`
}

/** A warning about a valid text, or `null`. */
export function adviceOn(name: TextName, value: string): string | null {
  if (name === "tagline" || !isLong(name, value)) return null
  if (name === "name") return `Lists show the first ${LIMITS.name} characters.`
  return `This is ${lengthOf(name, value).toLocaleString("en")} characters long. Beyond ${LIMITS[name].toLocaleString("en")} little room is left for the conversation, and models may not read all of it.`
}

/** In characters, as the server counts them. */
function lengthOf(name: TextName, value: string): number {
  return codePoints(name === "name" || name === "tagline" ? value.trim() : value)
}

function isLong(name: TextName, value: string): boolean {
  // A character has one or two UTF-16 units, so short texts need no counting.
  return value.length > LIMITS[name] && lengthOf(name, value) > LIMITS[name]
}

/** The editor's field for a field name of the server, e.g. `card.tags.3`; `null` if the editor has none. */
export function fieldOf(serverField: string): FieldName | null {
  if (serverField === "tagline" || serverField === "avatar_id") return serverField
  return serverField.startsWith(CARD_PATH) ? viewFieldOf(serverField.slice(CARD_PATH.length)) : null
}

export function isFields(value: unknown): value is PersonaFields {
  if (typeof value !== "object" || value === null) return false
  const fields = value as Partial<Record<FieldName, unknown>>
  const isTags = Array.isArray(fields.tags) && fields.tags.every((tag) => typeof tag === "string")
  const isAvatar = fields.avatar_id === null || typeof fields.avatar_id === "string"
  return isTags && isAvatar && TEXT_NAMES.every((name) => typeof fields[name] === "string")
}

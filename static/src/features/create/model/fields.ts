/** The editor's fields: what is typed, and under which rules the server will take it. */
import { codePoints } from "@/lib/text"
import {
  DEFINITION_CHARS_MAX,
  GREETING_CHARS_MAX,
  NAME_CHARS_MAX,
  TAGLINE_CHARS_MAX,
  type Persona,
  type PersonaInput,
} from "@/lib/wire"

import { sameTags } from "./tags"

/** Everything a person can change. */
export type PersonaFields = Required<Omit<PersonaInput, "id" | "revision">>
export type FieldName = keyof PersonaFields
export type TextName = Exclude<FieldName, "tags" | "avatar_id">

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

/** In the order of the page, for putting the focus on the first that needs another look. */
export const FIELD_NAMES: FieldName[] = ["avatar_id", "name", "tagline", "tags", ...TEXT_NAMES.slice(2)]

/** These stand in a part of the page that may be closed. */
export const ADVANCED: readonly FieldName[] = ["system_prompt", "post_history_instructions"]

export const EMPTY: PersonaFields = {
  name: "",
  tagline: "",
  description: "",
  personality: "",
  scenario: "",
  greeting: "",
  example_dialogue: "",
  system_prompt: "",
  post_history_instructions: "",
  tags: [],
  avatar_id: null,
}

export function fieldsOf(persona: Persona | PersonaFields): PersonaFields {
  const texts = Object.fromEntries(TEXT_NAMES.map((name) => [name, persona[name]])) as Record<TextName, string>
  return { ...texts, tags: persona.tags, avatar_id: persona.avatar_id }
}

/** Whether the server would store the same for both. */
export function sameFields(a: PersonaFields, b: PersonaFields): boolean {
  const stored = (fields: PersonaFields, name: TextName) =>
    name === "name" || name === "tagline" ? fields[name].trim() : fields[name]
  return a.avatar_id === b.avatar_id && sameTags(a.tags, b.tags) && TEXT_NAMES.every((name) => stored(a, name) === stored(b, name))
}

/** The sentence for a text that the server would not take, or `true`. */
export function checkText(name: TextName, value: string): string | true {
  if (name === "name" && value.trim() === "") return "Give your persona a name."
  if (value.includes("\0")) return "This holds a character that cannot be stored (U+0000)."
  const length = codePoints(name === "name" || name === "tagline" ? value.trim() : value)
  const max = LIMITS[name]
  return length <= max || `This is ${length.toLocaleString("en")} characters long; ${max.toLocaleString("en")} is the most.`
}

/** The editor's field for the server's, e.g. `tags.3`; `null` for one that this page does not know. */
export function fieldOf(serverField: string): FieldName | null {
  const name = serverField.split(".")[0]
  return FIELD_NAMES.find((field) => field === name) ?? null
}

export function isFields(value: unknown): value is PersonaFields {
  if (typeof value !== "object" || value === null) return false
  const fields = value as Partial<Record<FieldName, unknown>>
  const isTags = Array.isArray(fields.tags) && fields.tags.every((tag) => typeof tag === "string")
  const isAvatar = fields.avatar_id === null || typeof fields.avatar_id === "string"
  return isTags && isAvatar && TEXT_NAMES.every((name) => typeof fields[name] === "string")
}

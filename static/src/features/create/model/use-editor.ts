/** The state of the editor: the form, the stored persona, and drafts on this device. */
import { useCallback, useEffect, useRef, useState } from "react"
import { useForm, type UseFormReturn } from "react-hook-form"

import { newId, useUserId } from "@/lib/api"
import { withView } from "@/lib/card"
import { drafts } from "@/lib/drafts"
import { parseExact, stringifyExact } from "@/lib/json"
import type { CardJson, Persona, PersonaInput } from "@/lib/wire"

import { EMPTY, fieldsOf, isFields, sameFields, type PersonaFields } from "./fields"
import { useKeeping } from "./use-keeping"

/** Unsaved changes, stored on this device. */
export interface EditorDraft {
  /** For a new persona chosen once, so that a repeated create has no effect. */
  id: string
  /** The edited revision. If it is older than the stored one, there is a conflict. */
  revision: number | null
  fields: PersonaFields
  /** The JSON of the card that the fields belong to. Drafts of earlier versions of this page have none. */
  card?: string
}

/** A version that was replaced by a newer one. */
type EditorCopy = Pick<EditorDraft, "fields" | "card">

export type EditorNotice =
  /** The form shows unsaved changes of an earlier visit. */
  | { kind: "restored"; savedAt: number }
  /** A replaced version can be restored. */
  | { kind: "copy" }

export interface Editor {
  form: UseFormReturn<PersonaFields>
  id: string
  isNew: boolean
  isDirty: boolean
  /** Whether drafts are stored on this device; `false` if its storage is full or disabled. */
  isKept: boolean
  notice: EditorNotice | null
  /** The edited revision. */
  revision: () => number | null
  /** The request body for these fields: the loaded card with the changed fields. */
  inputOf: (fields: PersonaFields) => PersonaInput
  /** A draft of the form for a persona with this id. */
  draftOf: (id: string, revision: number | null) => EditorDraft
  /** Takes over the stored `persona`. Changes since `sent` stay in the form. */
  accept: (persona: Persona, sent: PersonaFields) => void
  /** Shows the stored persona and keeps the form's version as a copy. */
  replaceWith: (persona: Persona) => void
  discard: () => void
  restoreCopy: () => void
  dropCopy: () => void
}

export function useEditor(persona: Persona | null): Editor {
  const keys = useDraftKeys(persona?.id ?? null)
  const [start] = useState(() => begin(persona, keys.draft, keys.copy))
  const form = useForm<PersonaFields>({ defaultValues: start.fields, mode: "onTouched", shouldFocusError: false })
  const base = useRef({ fields: start.base, revision: start.revision })
  /** The card that the fields belong to. */
  const card = useRef(start.card)
  const [isDirty, setIsDirty] = useState(start.isDirty)
  const [isKept, setIsKept] = useState(true)
  const [notice, setNotice] = useState<EditorNotice | null>(start.notice)

  const draftOf = useCallback(
    (id: string, revision: number | null): EditorDraft => ({ id, revision, fields: form.getValues(), card: jsonOf(card.current) }),
    [form],
  )
  const keep = useCallback(() => {
    const isChanged = !sameFields(form.getValues(), base.current.fields)
    if (!isChanged) drafts.remove(keys.draft)
    else setIsKept(drafts.write<EditorDraft>(keys.draft, draftOf(start.id, base.current.revision)))
    setIsDirty(isChanged)
  }, [draftOf, form, keys.draft, start.id])
  const { settle } = useKeeping(form, keep, () => setIsDirty(!sameFields(form.getValues(), base.current.fields)))

  const adopt = useCallback(
    (stored: Persona, fields: PersonaFields) => {
      base.current = { fields: fieldsOf(stored), revision: stored.revision }
      card.current = stored.card
      form.reset(fields)
      keep()
    },
    [form, keep],
  )

  const accept = useCallback(
    (stored: Persona, sent: PersonaFields) => {
      const now = form.getValues()
      const merged = { ...fieldsOf(stored), ...changedSince(sent, now) }
      setNotice((old) => (old?.kind === "restored" ? null : old))
      if (persona) return adopt(stored, merged)
      // The page of the created persona follows. It gets changes made meanwhile as a draft.
      settle()
      drafts.remove(keys.draft)
      if (!sameFields(merged, fieldsOf(stored))) {
        const draft = { id: stored.id, revision: stored.revision, fields: merged, card: jsonOf(stored.card) }
        drafts.write<EditorDraft>(keys.of(stored.id), draft)
      }
    },
    [adopt, form, keys, persona, settle],
  )

  useEffect(() => {
    // Without changes in the form a version that was saved elsewhere replaces it.
    if (persona && persona.revision > (base.current.revision ?? 0) && sameFields(form.getValues(), base.current.fields)) {
      adopt(persona, fieldsOf(persona))
    }
  }, [adopt, form, persona])

  const replaceWith = useCallback(
    (stored: Persona) => {
      drafts.write<EditorCopy>(keys.copy, { fields: form.getValues(), card: jsonOf(card.current) })
      adopt(stored, fieldsOf(stored))
      setNotice({ kind: "copy" })
    },
    [adopt, form, keys.copy],
  )
  const discard = useCallback(() => {
    if (persona) adopt(persona, fieldsOf(persona))
    else {
      card.current = {}
      form.reset(EMPTY)
      keep()
    }
    setNotice(null)
  }, [adopt, form, keep, persona])
  const restoreCopy = useCallback(() => {
    const copy = readCopy(keys.copy)
    if (copy) {
      card.current = cardOf(copy.card) ?? card.current
      form.reset(copy.fields)
    }
    drafts.remove(keys.copy)
    keep()
    setNotice(null)
  }, [form, keep, keys.copy])
  const dropCopy = useCallback(() => {
    drafts.remove(keys.copy)
    setNotice(null)
  }, [keys.copy])

  const revision = useCallback(() => base.current.revision, [])
  const inputOf = useCallback((fields: PersonaFields): PersonaInput => {
    const { tagline, avatar_id, ...view } = fields
    return { tagline, avatar_id, card: withView(card.current, view) }
  }, [])
  const shown = { form, id: start.id, isNew: !persona, isDirty, isKept, notice }
  return { ...shown, revision, inputOf, draftOf, accept, replaceWith, discard, restoreCopy, dropCopy }
}

function useDraftKeys(personaId: string | null) {
  const userId = useUserId()
  const [keys] = useState(() => {
    const of = (id: string) => drafts.key(userId, "persona", id)
    return { of, draft: of(personaId ?? "new"), copy: drafts.key(userId, "persona", personaId ?? "new", "copy") }
  })
  return keys
}

function begin(persona: Persona | null, draftKey: string, copyKey: string) {
  const base = persona ? fieldsOf(persona) : EMPTY
  const card: CardJson = persona?.card ?? {}
  const draft = drafts.read(draftKey, isEditorDraft)
  if (draft && !sameFields(draft.value.fields, base)) {
    const { id, revision, fields } = draft.value
    const notice: EditorNotice = { kind: "restored", savedAt: draft.savedAt }
    return { base, fields, card: cardOf(draft.value.card) ?? card, id: persona?.id ?? id, revision, isDirty: true, notice }
  }
  const notice: EditorNotice | null = readCopy(copyKey) ? { kind: "copy" } : null
  return { base, fields: base, card, id: persona?.id ?? newId(), revision: persona?.revision ?? null, isDirty: false, notice }
}

const jsonCache = new WeakMap<CardJson, string>()

/** Cached, because cards are large and immutable, and drafts are written often. */
function jsonOf(card: CardJson): string {
  const json = jsonCache.get(card) ?? stringifyExact(card)
  jsonCache.set(card, json)
  return json
}

/** Parses the card of a draft. */
function cardOf(json: string | undefined): CardJson | null {
  try {
    const card = json === undefined ? null : parseExact(json)
    return typeof card === "object" && card !== null && !Array.isArray(card) ? (card as CardJson) : null
  } catch {
    return null
  }
}

function readCopy(key: string): EditorCopy | null {
  const copy = drafts.read(key, (value): value is EditorCopy | PersonaFields => isCopy(value) || isFields(value))?.value
  // Copies of earlier versions of this page are fields only.
  return copy === undefined ? null : "fields" in copy ? copy : { fields: copy }
}

function isCopy(value: unknown): value is EditorCopy {
  if (typeof value !== "object" || value === null || !("fields" in value)) return false
  return isFields(value.fields) && (!("card" in value) || typeof value.card === "string")
}

function isEditorDraft(value: unknown): value is EditorDraft {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "revision" in value &&
    (value.revision === null || typeof value.revision === "number") &&
    isCopy(value)
  )
}

function changedSince(sent: PersonaFields, now: PersonaFields): Partial<PersonaFields> {
  const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(sent[name as keyof PersonaFields]))
  return Object.fromEntries(changed) as Partial<PersonaFields>
}

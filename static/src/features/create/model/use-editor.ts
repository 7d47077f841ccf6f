/** The persona on the screen: what is typed, what is stored, and everything between the two. */
import { useCallback, useEffect, useRef, useState } from "react"
import { useForm, type UseFormReturn } from "react-hook-form"

import { newId, useUserId } from "@/lib/api"
import { drafts } from "@/lib/drafts"
import type { Persona } from "@/lib/wire"

import { EMPTY, fieldsOf, isFields, sameFields, type PersonaFields } from "./fields"
import { useKeeping } from "./use-keeping"

/** What is kept on this device until it is saved. */
export interface EditorDraft {
  /** Of a persona not created yet: chosen once, so that creating twice is creating once. */
  id: string
  /** What was edited; an older one than the stored one is a conflict. */
  revision: number | null
  fields: PersonaFields
}

export type EditorNotice =
  /** Unsaved changes from an earlier visit are on the screen. */
  | { kind: "restored"; savedAt: number }
  /** A version that made room for a newer one can be brought back. */
  | { kind: "copy" }

export interface Editor {
  form: UseFormReturn<PersonaFields>
  id: string
  isNew: boolean
  isDirty: boolean
  /** Whether typing is kept on this device; `false` when its storage is full or forbidden. */
  isKept: boolean
  notice: EditorNotice | null
  /** The revision that the fields come from. */
  revision: () => number | null
  /** `persona` is what is stored now; what was typed since `sent` stays on the screen. */
  accept: (persona: Persona, sent: PersonaFields) => void
  /** Shows the stored persona and keeps what was on the screen as a copy. */
  makeRoom: (persona: Persona) => void
  discard: () => void
  bringBack: () => void
  dropCopy: () => void
}

export function useEditor(persona: Persona | null): Editor {
  const keys = useDraftKeys(persona?.id ?? null)
  const [start] = useState(() => begin(persona, keys.draft, keys.copy))
  const form = useForm<PersonaFields>({ defaultValues: start.fields, mode: "onTouched", shouldFocusError: false })
  const base = useRef({ fields: start.base, revision: start.revision })
  const [isDirty, setIsDirty] = useState(start.isDirty)
  const [isKept, setIsKept] = useState(true)
  const [notice, setNotice] = useState<EditorNotice | null>(start.notice)

  const keep = useCallback(() => {
    const fields = form.getValues()
    const isChanged = !sameFields(fields, base.current.fields)
    if (!isChanged) drafts.remove(keys.draft)
    else setIsKept(drafts.write<EditorDraft>(keys.draft, { id: start.id, revision: base.current.revision, fields }))
    setIsDirty(isChanged)
  }, [form, keys.draft, start.id])
  const { settle } = useKeeping(form, keep, () => setIsDirty(!sameFields(form.getValues(), base.current.fields)))

  const adopt = useCallback(
    (stored: Persona, fields: PersonaFields) => {
      base.current = { fields: fieldsOf(stored), revision: stored.revision }
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
      // The page of the created persona takes over; what was typed meanwhile goes there.
      settle()
      drafts.remove(keys.draft)
      if (!sameFields(merged, fieldsOf(stored))) {
        drafts.write<EditorDraft>(keys.of(stored.id), { id: stored.id, revision: stored.revision, fields: merged })
      }
    },
    [adopt, form, keys, persona, settle],
  )

  useEffect(() => {
    // Saved elsewhere while nothing was being typed here: simply the newer one.
    if (persona && persona.revision > (base.current.revision ?? 0) && sameFields(form.getValues(), base.current.fields)) {
      adopt(persona, fieldsOf(persona))
    }
  }, [adopt, form, persona])

  const makeRoom = useCallback(
    (stored: Persona) => {
      drafts.write(keys.copy, form.getValues())
      adopt(stored, fieldsOf(stored))
      setNotice({ kind: "copy" })
    },
    [adopt, form, keys.copy],
  )
  const discard = useCallback(() => {
    if (persona) adopt(persona, fieldsOf(persona))
    else {
      form.reset(EMPTY)
      keep()
    }
    setNotice(null)
  }, [adopt, form, keep, persona])
  const bringBack = useCallback(() => {
    const copy = drafts.read(keys.copy, isFields)
    if (copy) form.reset(copy.value)
    drafts.remove(keys.copy)
    keep()
    setNotice(null)
  }, [form, keep, keys.copy])
  const dropCopy = useCallback(() => {
    drafts.remove(keys.copy)
    setNotice(null)
  }, [keys.copy])

  const revision = useCallback(() => base.current.revision, [])
  return { form, id: start.id, isNew: !persona, isDirty, isKept, notice, revision, accept, makeRoom, discard, bringBack, dropCopy }
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
  const draft = drafts.read(draftKey, isEditorDraft)
  if (draft && !sameFields(draft.value.fields, base)) {
    const { id, revision, fields } = draft.value
    return { base, fields, id: persona?.id ?? id, revision, isDirty: true, notice: { kind: "restored", savedAt: draft.savedAt } as EditorNotice }
  }
  const notice: EditorNotice | null = drafts.read(copyKey, isFields) ? { kind: "copy" } : null
  return { base, fields: base, id: persona?.id ?? newId(), revision: persona?.revision ?? null, isDirty: false, notice }
}

function isEditorDraft(value: unknown): value is EditorDraft {
  return (
    typeof value === "object" &&
    value !== null &&
    "id" in value &&
    typeof value.id === "string" &&
    "revision" in value &&
    (value.revision === null || typeof value.revision === "number") &&
    "fields" in value &&
    isFields(value.fields)
  )
}

function changedSince(sent: PersonaFields, now: PersonaFields): Partial<PersonaFields> {
  const changed = Object.entries(now).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(sent[name as keyof PersonaFields]))
  return Object.fromEntries(changed) as Partial<PersonaFields>
}

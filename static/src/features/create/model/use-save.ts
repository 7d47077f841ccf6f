/** Saving: one request at a time. The form keeps its content, whatever the outcome. */
import { useCallback, useRef, useState } from "react"
import { toast } from "sonner"

import { ApiError, isProblem, readPersona, sentence, useApi, useCreatePersona, useUpdatePersona } from "@/lib/api"
import type { Persona } from "@/lib/wire"

import { ADVANCED, FIELD_NAMES, fieldOf, fieldsOf, sameFields, type FieldName, type PersonaFields } from "./fields"
import type { Editor } from "./use-editor"

export interface Save {
  isSaving: boolean
  /** The error message of the last attempt. */
  failure: string | null
  /** Resolves to the stored persona, or `null` if it was not saved. */
  save: () => Promise<Persona | null>
  /** The stored persona, if it is newer than the edited revision. */
  conflict: Persona | null
  keepMine: () => Promise<Persona | null>
  takeTheirs: () => void
  closeConflict: () => void
  /** The persona was deleted elsewhere. */
  isGone: boolean
}

export function useSave(editor: Editor, onAdvancedError: () => void): Save {
  const api = useApi()
  const write = useWrite(editor)
  const [isSaving, setIsSaving] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const [conflict, setConflict] = useState<Persona | null>(null)
  const [isGone, setIsGone] = useState(false)
  const busy = useRef(false)
  const { form, accept } = editor

  const show = useCallback(
    (names: FieldName[]) => {
      const first = FIELD_NAMES.find((name) => names.includes(name))
      if (!first) return
      if (ADVANCED.includes(first)) onAdvancedError()
      // A section that was just expanded shows its fields in the next frame.
      requestAnimationFrame(() => form.setFocus(first))
    },
    [form, onAdvancedError],
  )

  const onError = useCallback(
    async (error: unknown, sent: PersonaFields): Promise<Persona | null> => {
      if (isProblem(error, "stale")) {
        const theirs = await readPersona(api, editor.id)
        // An earlier attempt was stored, but its response was lost.
        if (!sameFields(fieldsOf(theirs), sent)) setConflict(theirs)
        else return accept(theirs, sent), theirs
        return null
      }
      if (isProblem(error, "not-found", "gone") && !editor.isNew) setIsGone(true)
      setFailure(sentence(error))
      const unknown = error instanceof ApiError ? placeErrors(editor, error, show) : []
      toast.error("Not saved", { description: [sentence(error), ...unknown].join(" ") })
      return null
    },
    [accept, api, editor, show],
  )

  const run = useCallback(
    async (revision: number | null): Promise<Persona | null> => {
      if (busy.current) return null
      busy.current = true
      setIsSaving(true)
      setFailure(null)
      const sent = structuredClone(form.getValues())
      try {
        // Unlike `trigger`, `handleSubmit` validates again on every later change.
        let isValid = false
        await form.handleSubmit(() => {
          isValid = true
        })()
        if (!isValid) {
          show(FIELD_NAMES.filter((name) => form.getFieldState(name).invalid))
          return null
        }
        const persona = await write(sent, revision)
        accept(persona, sent)
        return persona
      } catch (error) {
        return await onError(error, sent).catch((again: unknown) => (setFailure(sentence(again)), null))
      } finally {
        busy.current = false
        setIsSaving(false)
      }
    },
    [accept, form, onError, show, write],
  )

  const save = useCallback(() => run(editor.revision()), [editor, run])
  const keepMine = useCallback(() => {
    setConflict(null)
    return run(null)
  }, [run])
  const takeTheirs = useCallback(() => {
    if (conflict) editor.replaceWith(conflict)
    setConflict(null)
  }, [conflict, editor])
  const closeConflict = useCallback(() => setConflict(null), [])
  return { isSaving, failure, save, conflict, keepMine, takeTheirs, closeConflict, isGone }
}

/** Sends the fields. `revision: null` overwrites any stored revision. */
function useWrite(editor: Editor): (fields: PersonaFields, revision: number | null) => Promise<Persona> {
  const { mutateAsync: create } = useCreatePersona()
  const { mutateAsync: update } = useUpdatePersona()
  const { id, isNew, inputOf } = editor
  return useCallback(
    async (fields, revision) => {
      const input = inputOf(fields)
      if (!isNew) return update({ id, input: { ...input, ...(revision !== null && { revision }) } })
      const persona = await create({ ...input, id })
      // An earlier attempt was stored, but its response was lost and the form has changed since.
      return sameFields(fieldsOf(persona), fields) ? persona : update({ id, input: { ...input, revision: persona.revision } })
    },
    [create, id, inputOf, isNew, update],
  )
}

/** Shows the server's messages at their fields. Returns those without a field in the editor. */
function placeErrors(editor: Editor, error: ApiError, show: (names: FieldName[]) => void): string[] {
  const names: FieldName[] = []
  const unknown: string[] = []
  for (const { field, message } of error.fieldErrors) {
    const name = fieldOf(field)
    if (!name) unknown.push(message)
    else if (!names.includes(name)) {
      names.push(name)
      editor.form.setError(name, { type: "server", message })
    }
  }
  show(names)
  return unknown
}

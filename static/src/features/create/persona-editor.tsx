import { useCallback, useEffect, useState } from "react"
import { FormProvider } from "react-hook-form"
import { useLocation, useNavigate } from "react-router"
import { toast } from "sonner"

import { PageTitle } from "@/components/page"
import { sentence, useOpenConversation } from "@/lib/api"
import { nameOf } from "@/lib/card"
import { paths } from "@/lib/paths"
import type { Persona } from "@/lib/wire"

import { ADVANCED, fieldsOf } from "./model/fields"
import { useEditor } from "./model/use-editor"
import { useSave } from "./model/use-save"
import { ConflictDialog } from "./parts/conflict-dialog"
import { EditorHeader } from "./parts/editor-header"
import { CreatedNotice, EditorNotices } from "./parts/editor-notices"
import { AdvancedSection, CharacterSection, IdentitySection, OpeningSection } from "./parts/sections"
import { usePreventFileDrop } from "./parts/use-prevent-file-drop"
import { useSaveKey } from "./parts/use-save-key"

/** The card of a new persona. */
const NO_CARD = {}

/** Creates or edits a persona; `null` is a new one. */
export function PersonaEditor({ persona }: { persona: Persona | null }) {
  const navigate = useNavigate()
  const justCreated = (useLocation().state as { created?: boolean } | null)?.created === true
  const [isAdvancedOpen, setIsAdvancedOpen] = useState(() => persona !== null && ADVANCED.some((field) => fieldsOf(persona)[field]))
  const [isUploading, setIsUploading] = useState(false)
  const editor = useEditor(persona)
  const saving = useSave(editor, useCallback(() => setIsAdvancedOpen(true), []))
  const open = useOpenConversation()
  usePreventFileDrop()

  const store = async (): Promise<Persona | null> => {
    if (isUploading) {
      toast("The picture is still uploading.")
      return null
    }
    return saving.save()
  }
  const save = async () => {
    const stored = await store()
    if (!stored) return
    toast.success(persona ? "Saved" : `${nameOf(stored.card)} is ready`)
    if (!persona) await navigate(paths.persona(stored.id), { replace: true, state: { created: true } })
  }
  const talk = async () => {
    const stored = persona && !editor.isDirty ? persona : await store()
    if (stored) open.mutate(stored.id, { onError: (error) => toast.error(sentence(error)) })
  }
  useSaveKey(() => void save())

  useEffect(() => {
    if (!persona) editor.form.setFocus("name")
  }, [editor.form, persona])

  return (
    <FormProvider {...editor.form}>
      <PageTitle>{persona ? nameOf(persona.card) : "New persona"}</PageTitle>
      <form
        noValidate
        className="flex flex-1 flex-col"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <EditorHeader
          persona={persona}
          editor={editor}
          saving={saving}
          isUploading={isUploading}
          isOpening={open.isPending}
          onTalk={() => void talk()}
        >
          <EditorNotices editor={editor} saving={saving} />
        </EditorHeader>
        <div className="mx-auto w-full max-w-4xl px-4 pb-24 sm:px-6 [&_input]:scroll-mt-40 [&_textarea]:scroll-mt-40">
          {justCreated && persona && !editor.isDirty && <CreatedNotice name={nameOf(persona.card)} onTalk={() => void talk()} />}
          <IdentitySection onUploading={setIsUploading} />
          <CharacterSection />
          <OpeningSection card={persona?.card ?? NO_CARD} />
          <AdvancedSection isOpen={isAdvancedOpen} onOpenChange={setIsAdvancedOpen} />
        </div>
      </form>
      <ConflictDialog saving={saving} onKept={() => toast.success("Saved")} />
    </FormProvider>
  )
}

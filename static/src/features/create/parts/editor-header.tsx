import { ArrowLeftIcon, CheckIcon, CloudIcon, LoaderCircleIcon, MessageCircleIcon, MoreHorizontalIcon, Trash2Icon, TriangleAlertIcon } from "lucide-react"
import type { ReactNode } from "react"
import { useFormContext, useWatch } from "react-hook-form"
import { Link } from "react-router"

import { Button } from "@/components/ui/button"
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from "@/components/ui/dropdown-menu"
import { nameOf } from "@/lib/card"
import { paths } from "@/lib/paths"
import type { Persona } from "@/lib/wire"

import type { PersonaFields } from "../model/fields"
import type { Editor } from "../model/use-editor"
import type { Save } from "../model/use-save"
import { useDeleteWithUndo } from "./use-delete-with-undo"

interface Props {
  persona: Persona | null
  editor: Editor
  saving: Save
  isUploading: boolean
  isOpening: boolean
  onTalk: () => void
  /** Notices that stay visible when the page scrolls. */
  children: ReactNode
}

/** The sticky header: name, save state, actions. */
export function EditorHeader({ persona, editor, saving, isUploading, isOpening, onTalk, children }: Props) {
  const { control } = useFormContext<PersonaFields>()
  const name = useWatch({ control, name: "name" }).trim()
  const isBusy = saving.isSaving || isOpening
  return (
    <div className="sticky top-14 z-30 border-b bg-background/90 backdrop-blur">
      <div className="mx-auto flex h-14 w-full max-w-4xl items-center gap-2 px-2 sm:px-6">
        <Button asChild variant="ghost" size="icon" aria-label="Back to the dashboard" className="shrink-0 sm:-ml-2">
          <Link to={paths.dashboard}>
            <ArrowLeftIcon />
          </Link>
        </Button>
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-sm leading-tight font-semibold">{name || (persona ? nameOf(persona.card) : "New persona")}</h1>
          <Status editor={editor} saving={saving} />
        </div>
        {persona && <MoreMenu persona={persona} />}
        {persona && (
          <Button type="button" variant={editor.isDirty ? "outline" : "default"} disabled={isBusy || isUploading} onClick={onTalk}>
            {isOpening ? <LoaderCircleIcon className="animate-spin" /> : <MessageCircleIcon />}
            <span className={editor.isDirty ? "max-sm:sr-only" : undefined}>{editor.isDirty ? "Save and talk" : "Talk"}</span>
          </Button>
        )}
        {(!persona || editor.isDirty) && (
          <Button type="submit" title="Save (Ctrl+S)" disabled={isBusy || isUploading}>
            {saving.isSaving && <LoaderCircleIcon className="animate-spin" />}
            {persona ? "Save" : "Create"}
          </Button>
        )}
      </div>
      {children}
    </div>
  )
}

function Status({ editor, saving }: { editor: Editor; saving: Save }) {
  const [icon, text] = status(editor, saving)
  return (
    <p role="status" className="flex items-center gap-1.5 truncate text-xs text-muted-foreground [&>svg]:size-3 [&>svg]:shrink-0">
      {icon}
      <span className="truncate">{text}</span>
    </p>
  )
}

function status({ isDirty, isKept, isNew }: Editor, { isSaving, failure }: Save): [ReactNode, string] {
  if (isSaving) return [<LoaderCircleIcon key="s" className="animate-spin" />, "Saving…"]
  if (failure) return [<TriangleAlertIcon key="f" className="text-destructive" />, isKept ? "Not saved; kept on this device" : "Not saved"]
  if (isDirty && !isKept) return [<TriangleAlertIcon key="k" />, "Unsaved; this browser cannot store a draft"]
  if (isDirty) return [<CloudIcon key="d" />, isNew ? "Draft, kept on this device" : "Unsaved changes, kept on this device"]
  return isNew ? [null, "Only a name is required"] : [<CheckIcon key="o" />, "Saved"]
}

function MoreMenu({ persona }: { persona: Persona }) {
  const remove = useDeleteWithUndo(persona)
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button type="button" variant="ghost" size="icon" aria-label="More" className="shrink-0">
          <MoreHorizontalIcon />
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        <DropdownMenuItem variant="destructive" onSelect={remove}>
          <Trash2Icon />
          Delete persona
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

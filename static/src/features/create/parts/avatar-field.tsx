import { ImageUpIcon, LoaderCircleIcon, Trash2Icon, UserRoundIcon } from "lucide-react"
import { useEffect, useId, useRef, useState } from "react"
import { useController, useFormContext } from "react-hook-form"

import { Button } from "@/components/ui/button"
import { Field, FieldDescription, FieldError, FieldTitle } from "@/components/ui/field"
import { AVATAR_TYPES, isAbort, pictureProblem, sentence, useUploadAvatar } from "@/lib/api"
import { paths } from "@/lib/paths"
import { cn } from "@/lib/utils"

import type { PersonaFields } from "../model/fields"
import { usePastedPicture } from "./use-pasted-picture"

/** The picture, selected by a dialog, drop or paste. Shows a preview before the upload. */
export function AvatarField({ onUploading }: { onUploading: (isUploading: boolean) => void }) {
  const id = useId()
  const { control } = useFormContext<PersonaFields>()
  const { field, fieldState } = useController({ control, name: "avatar_id" })
  const { upload, cancel, progress } = useUploadAvatar()
  const [preview, setPreview, nameOfPreview] = usePreview()
  const [problem, setProblem] = useState<string | null>(null)
  const [isOver, setIsOver] = useState(false)
  const chooser = useRef<HTMLInputElement>(null)
  const isUploading = progress !== null
  useEffect(() => onUploading(isUploading), [isUploading, onUploading])

  const take = async (file: File | undefined) => {
    if (!file) return
    const found = await pictureProblem(file)
    setProblem(found)
    if (found) return
    setPreview(file)
    try {
      const stored = await upload(file)
      nameOfPreview(stored.id)
      field.onChange(stored.id)
    } catch (error) {
      // Replaced by another picture, or canceled.
      if (isAbort(error)) return
      setProblem(sentence(error))
      setPreview(null)
    }
  }
  const remove = () => {
    cancel()
    setPreview(null)
    setProblem(null)
    field.onChange(null)
  }
  usePastedPicture((file) => void take(file))

  const isPreviewed = isUploading || (preview !== null && preview.id === field.value)
  const source = isPreviewed && preview ? preview.url : (field.value ? paths.file(field.value) : null)
  const error = problem ?? fieldState.error?.message
  return (
    <Field data-invalid={error !== undefined}>
      <FieldTitle id={`${id}-label`}>Picture</FieldTitle>
      <div
        className={cn("flex items-center gap-4 rounded-xl outline-dashed outline-2 outline-offset-8 outline-transparent transition-[outline-color] sm:gap-5", isOver && "outline-ring")}
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes("Files")) return
          event.preventDefault()
          setIsOver(true)
        }}
        onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setIsOver(false)
          void take(event.dataTransfer.files[0])
        }}
      >
        <button
          type="button"
          ref={field.ref}
          aria-label={source ? "Change the picture" : "Choose a picture"}
          aria-describedby={`${id}-hint ${id}-error`}
          onClick={() => chooser.current?.click()}
          className="relative grid size-24 shrink-0 place-items-center overflow-hidden rounded-full border bg-muted text-muted-foreground outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
        >
          {source ? <img src={source} alt="" className="size-full object-cover" /> : <UserRoundIcon className="size-9" aria-hidden />}
          {isUploading && (
            <span className="absolute inset-0 grid place-items-center bg-black/45 text-xs font-medium text-white">
              {progress < 1 ? `${Math.round(progress * 100)} %` : <LoaderCircleIcon className="size-5 animate-spin" aria-hidden />}
            </span>
          )}
        </button>
        <div className="min-w-0 flex-1 space-y-2.5">
          <div className="flex flex-wrap gap-2">
            <Button type="button" variant="outline" size="sm" onClick={() => chooser.current?.click()}>
              <ImageUpIcon />
              {source ? "Change" : "Choose picture"}
            </Button>
            {source && (
              <Button type="button" variant="ghost" size="sm" onClick={remove}>
                <Trash2Icon />
                {isUploading ? "Cancel" : "Remove"}
              </Button>
            )}
          </div>
          {isUploading && (
            <div role="progressbar" aria-label="Uploading the picture" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(progress * 100)} className="h-1 max-w-48 overflow-hidden rounded-full bg-muted">
              <div className="h-full rounded-full bg-primary transition-[width]" style={{ width: `${progress * 100}%` }} />
            </div>
          )}
          <FieldDescription id={`${id}-hint`}>PNG, JPEG or WebP, up to 5 MB. You can also drop or paste it.</FieldDescription>
        </div>
      </div>
      <input
        ref={chooser}
        type="file"
        accept={AVATAR_TYPES}
        hidden
        aria-label="Picture file"
        onChange={(event) => {
          void take(event.target.files?.[0])
          // Allows choosing the same file again after a failure.
          event.target.value = ""
        }}
      />
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </Field>
  )
}

interface Preview {
  url: string
  /** The stored file, after the upload. */
  id: string | null
}

/** The local preview, shown instead of the stored file. Revokes its object URL when it is replaced. */
function usePreview(): [Preview | null, (file: Blob | null) => void, (id: string) => void] {
  const [preview, setPreview] = useState<Preview | null>(null)
  const url = preview?.url
  useEffect(() => {
    if (url) return () => URL.revokeObjectURL(url)
  }, [url])
  return [
    preview,
    (file) => setPreview(file && { url: URL.createObjectURL(file), id: null }),
    (id) => setPreview((shown) => shown && { ...shown, id }),
  ]
}

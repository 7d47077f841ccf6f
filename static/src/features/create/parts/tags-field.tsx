import { XIcon } from "lucide-react"
import { useId, useRef, useState, type KeyboardEvent } from "react"
import { useController, useFormContext } from "react-hook-form"

import { Field, FieldDescription, FieldError, FieldLabel } from "@/components/ui/field"

import type { PersonaFields } from "../model/fields"
import { addTags } from "../model/tags"

/** Tags as chips. Enter or a comma adds one; Backspace moves the last one back into the input. */
export function TagsField() {
  const id = useId()
  const { control } = useFormContext<PersonaFields>()
  const { field, fieldState } = useController({ control, name: "tags" })
  const [typed, setTyped] = useState("")
  const [problem, setProblem] = useState<string | null>(null)
  const box = useRef<HTMLInputElement | null>(null)
  const tags = field.value
  const error = problem ?? fieldState.error?.message

  const add = (text: string) => {
    const change = addTags(tags, text)
    if (change.tags.length !== tags.length) field.onChange(change.tags)
    setProblem(change.problem)
    setTyped(change.rest)
  }
  const remove = (tag: string) => {
    field.onChange(tags.filter((one) => one !== tag))
    setProblem(null)
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === "Enter" && typed.trim() !== "") {
      event.preventDefault()
      add(typed)
    } else if (event.key === "Enter") {
      // Enter in an empty input must not submit the form.
      event.preventDefault()
    } else if (event.key === "Backspace" && typed === "") {
      const last = tags.at(-1)
      if (last === undefined) return
      event.preventDefault()
      remove(last)
      setTyped(last)
    }
  }

  return (
    <Field data-invalid={error !== undefined}>
      <FieldLabel htmlFor={id}>Tags</FieldLabel>
      <div
        className="flex min-h-9 w-full cursor-text flex-wrap items-center gap-1.5 rounded-md border border-input bg-transparent px-2 py-1.5 shadow-xs transition-[color,box-shadow] focus-within:border-ring focus-within:ring-[3px] focus-within:ring-ring/50 has-aria-invalid:border-destructive dark:bg-input/30"
        onClick={(event) => event.target === event.currentTarget && box.current?.focus()}
      >
        {tags.map((tag) => (
          <span key={tag} className="inline-flex max-w-full items-center gap-1 rounded-full bg-secondary py-0.5 pr-1 pl-2.5 text-sm text-secondary-foreground">
            <span className="truncate">{tag}</span>
            <button
              type="button"
              aria-label={`Remove tag ${tag}`}
              onClick={() => remove(tag)}
              className="grid size-5 shrink-0 place-items-center rounded-full text-muted-foreground outline-none hover:bg-foreground/10 hover:text-foreground focus-visible:ring-2 focus-visible:ring-ring"
            >
              <XIcon className="size-3" />
            </button>
          </span>
        ))}
        <input
          id={id}
          ref={(element) => {
            box.current = element
            field.ref(element)
          }}
          value={typed}
          autoComplete="off"
          autoCapitalize="none"
          enterKeyHint="done"
          placeholder={tags.length === 0 ? "fantasy, mentor" : undefined}
          aria-invalid={error !== undefined}
          aria-describedby={`${id}-hint ${id}-error`}
          onChange={(event) => (/[,;\n]/u.test(event.target.value) ? add(event.target.value) : setTyped(event.target.value))}
          onKeyDown={onKeyDown}
          onBlur={() => {
            field.onBlur()
            if (typed.trim() !== "") add(typed)
          }}
          className="min-w-24 flex-1 bg-transparent px-1 py-0.5 text-base outline-none placeholder:text-muted-foreground md:text-sm"
        />
      </div>
      <FieldDescription id={`${id}-hint`}>Separate with a comma or Enter.</FieldDescription>
      <FieldError id={`${id}-error`}>{error}</FieldError>
    </Field>
  )
}

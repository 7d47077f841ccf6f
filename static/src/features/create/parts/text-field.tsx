import { useId, type ReactNode } from "react"
import { useFormContext, useFormState, useWatch } from "react-hook-form"

import { Field, FieldDescription, FieldError, FieldLabel } from "@/components/ui/field"
import { Input } from "@/components/ui/input"
import { Textarea } from "@/components/ui/textarea"
import { codePoints } from "@/lib/text"
import { cn } from "@/lib/utils"

import { adviceOn, checkText, LIMITS, type PersonaFields, type TextName } from "../model/fields"

interface Props {
  name: TextName
  label: string
  hint?: ReactNode
  placeholder?: string
  /** Initial height in lines; absent for a single-line field. */
  rows?: number
  isRequired?: boolean
  isMonospaced?: boolean
}

/** A text field with validation, a counter near the limit, and messages. */
export function TextField({ name, label, hint, placeholder, rows, isRequired = false, isMonospaced = false }: Props) {
  const id = useId()
  const { control, register } = useFormContext<PersonaFields>()
  const { errors } = useFormState({ control, name })
  const error = errors[name]
  const shared = {
    ...register(name, { validate: (value) => checkText(name, value) }),
    id,
    placeholder,
    "aria-required": isRequired || undefined,
    "aria-invalid": error !== undefined,
    "aria-describedby": `${id}-hint ${id}-error`,
  }
  return (
    <Field data-invalid={error !== undefined}>
      <div className="flex items-baseline justify-between gap-3">
        <FieldLabel htmlFor={id}>
          {label}
          {isRequired && <span className="font-normal text-muted-foreground">(required)</span>}
        </FieldLabel>
        <Counter name={name} />
      </div>
      {rows === undefined ? (
        <Input type="text" autoComplete="off" {...shared} />
      ) : (
        <Textarea
          {...shared}
          style={{ minHeight: `${rows * 1.5 + 1.25}rem` }}
          className={cn("max-h-[70dvh] leading-normal", isMonospaced && "font-mono text-[0.9375rem] md:text-[0.8125rem]")}
        />
      )}
      {hint && <FieldDescription id={`${id}-hint`}>{hint}</FieldDescription>}
      <Advice name={name} />
      <FieldError id={`${id}-error`}>{error?.message}</FieldError>
    </Field>
  )
}

/** The warning about a long text. */
function Advice({ name }: { name: TextName }) {
  const { control } = useFormContext<PersonaFields>()
  const advice = adviceOn(name, useWatch({ control, name }))
  return advice && <FieldDescription role="status">{advice}</FieldDescription>
}

/** Shown from 80 % of the limit. */
function Counter({ name }: { name: TextName }) {
  const { control } = useFormContext<PersonaFields>()
  const value = useWatch({ control, name })
  const max = LIMITS[name]
  if (value.length < max * 0.8) return null
  const length = codePoints(value)
  return (
    <span className={cn("text-xs tabular-nums", length > max ? "font-medium text-destructive" : "text-muted-foreground")}>
      {length.toLocaleString("en")} / {max.toLocaleString("en")}
    </span>
  )
}

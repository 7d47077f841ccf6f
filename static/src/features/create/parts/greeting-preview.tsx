import { useUser } from "@clerk/react"
import { useDeferredValue } from "react"
import { useFormContext, useWatch } from "react-hook-form"

import { Markdown } from "@/components/markdown"
import { charOf } from "@/lib/card"
import type { CardJson } from "@/lib/wire"

import type { PersonaFields } from "../model/fields"
import { fillNames } from "../model/macros"

/** The rendered greeting with both names filled in. */
export function GreetingPreview({ card }: { card: CardJson }) {
  const { control } = useFormContext<PersonaFields>()
  const [greeting, name] = useWatch({ control, name: ["greeting", "name"] })
  const { user } = useUser()
  const text = useDeferredValue(fillNames(greeting, { char: charOf(card, name) || "Your persona", user: user?.firstName?.trim() || "User" }))
  if (text.trim() === "") return null
  return (
    <figure aria-label="Preview of the greeting" className="rounded-xl border bg-card p-4 shadow-soft">
      <figcaption className="mb-2 text-xs font-medium text-muted-foreground">How a conversation begins</figcaption>
      <div className="max-h-96 overflow-y-auto text-[0.9375rem]/relaxed break-words">
        <Markdown text={text} />
      </div>
    </figure>
  )
}

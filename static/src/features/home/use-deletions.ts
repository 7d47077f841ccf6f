import { useRef, useState } from "react"
import { toast } from "sonner"

import { sentence, useDeleteConversation, useDeletePersona, useRestoreConversation, useRestorePersona } from "@/lib/api"
import type { ConversationSummary, PersonaSummary } from "@/lib/wire"

/** How long the undo button is shown. */
const UNDO_MS = 8_000

/** Immediate deletion with undo. */
export function useDeletions() {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set())
  const deletePersona = useDeletePersona()
  const restorePersona = useRestorePersona()
  const deleteConversation = useDeleteConversation()
  const restoreConversation = useRestoreConversation()
  // The deleted row had the focus, so it moves to the list's heading.
  const personasHeading = useRef<HTMLHeadingElement>(null)
  const conversationsHeading = useRef<HTMLHeadingElement>(null)

  const hide = (id: string, isHidden: boolean) =>
    setHidden((old) => {
      const next = new Set(old)
      if (isHidden) next.add(id)
      else next.delete(id)
      return next
    })

  async function remove(id: string, what: string, erase: (id: string) => Promise<unknown>, restore: (id: string) => Promise<unknown>) {
    hide(id, true)
    try {
      await erase(id)
    } catch (error) {
      hide(id, false)
      toast.error(`${what} could not be deleted`, { description: sentence(error) })
      return
    }
    const undo = async () => {
      try {
        await restore(id)
        hide(id, false)
        toast.success(`${what} was restored`)
      } catch (error) {
        toast.error(`${what} could not be restored`, {
          description: sentence(error),
          duration: UNDO_MS,
          action: { label: "Try again", onClick: () => void undo() },
        })
      }
    }
    toast(`${what} was deleted`, { duration: UNDO_MS, action: { label: "Undo", onClick: () => void undo() } })
  }

  return {
    hidden,
    personasHeading,
    conversationsHeading,
    removePersona: ({ id, name }: PersonaSummary) => {
      personasHeading.current?.focus()
      void remove(id, name, deletePersona.mutateAsync, restorePersona.mutateAsync)
    },
    removeConversation: ({ id, persona }: ConversationSummary) => {
      conversationsHeading.current?.focus()
      void remove(id, `The conversation with ${persona.name}`, deleteConversation.mutateAsync, restoreConversation.mutateAsync)
    },
  }
}

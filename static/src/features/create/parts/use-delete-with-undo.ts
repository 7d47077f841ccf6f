import { useNavigate } from "react-router"
import { toast } from "sonner"

import { sentence, useDeletePersona, useRestorePersona } from "@/lib/api"
import { nameOf } from "@/lib/card"
import { paths } from "@/lib/paths"
import type { Persona } from "@/lib/wire"

/** Deletes without a confirmation and offers to undo. */
export function useDeleteWithUndo(persona: Persona): () => void {
  const remove = useDeletePersona()
  const restore = useRestorePersona()
  const navigate = useNavigate()
  const name = nameOf(persona.card)

  const undo = async () => {
    try {
      await restore.mutateAsync(persona.id)
      toast.success(`${name} restored.`)
    } catch (error) {
      toast.error(`${name} could not be restored.`, { description: sentence(error) })
    }
  }
  const run = async () => {
    try {
      await remove.mutateAsync(persona.id)
      toast(`${name} deleted.`, { duration: 10_000, action: { label: "Undo", onClick: () => void undo() } })
      await navigate(paths.dashboard)
    } catch (error) {
      toast.error(`${name} could not be deleted.`, { description: sentence(error) })
    }
  }
  return () => void run()
}

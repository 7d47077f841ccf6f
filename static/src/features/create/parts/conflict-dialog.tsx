import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
} from "@/components/ui/alert-dialog"
import { nameOf } from "@/lib/card"
import { relativeTime } from "@/lib/time"

import type { Save } from "../model/use-save"

/** Shown when another tab or device has saved the persona: the user chooses a version. */
export function ConflictDialog({ saving, onKept }: { saving: Save; onKept: () => void }) {
  const { conflict } = saving
  const keepMine = async () => {
    if (await saving.keepMine()) onKept()
  }
  return (
    <AlertDialog open={conflict !== null} onOpenChange={(isOpen) => !isOpen && saving.closeConflict()}>
      <AlertDialogContent>
        <AlertDialogHeader>
          <AlertDialogTitle>A newer version was saved</AlertDialogTitle>
          <AlertDialogDescription>
            {conflict && `Another tab or device saved ${nameOf(conflict.card)} ${relativeTime(conflict.updated_at, Date.now())}. `}
            Keep yours to replace that version, or load the newer one; a copy of yours is then kept on this device.
          </AlertDialogDescription>
        </AlertDialogHeader>
        <AlertDialogFooter>
          <AlertDialogCancel className="sm:mr-auto">Decide later</AlertDialogCancel>
          <AlertDialogCancel onClick={saving.takeTheirs}>Load the newer one</AlertDialogCancel>
          <AlertDialogAction onClick={() => void keepMine()}>Keep mine</AlertDialogAction>
        </AlertDialogFooter>
      </AlertDialogContent>
    </AlertDialog>
  )
}

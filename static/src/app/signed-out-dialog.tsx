import { useEffect, useState } from "react"

import { Button } from "@/components/ui/button"
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog"
import { onSignedOut } from "@/lib/api"
import { signInPath } from "@/lib/paths"
import { isLeaving } from "@/lib/session"

import { useSessionFromOtherTab } from "./use-session-from-other-tab"

/** Shown when the session has ended. The page below stays mounted, with unsaved input. */
export function SignedOutDialog({ isSignedIn }: { isSignedIn: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => onSignedOut(() => setIsOpen(!isLeaving())), [])
  useSessionFromOtherTab(!isSignedIn)
  // Signing in again in another tab closes the dialog.
  useEffect(() => setIsOpen(!isSignedIn && !isLeaving()), [isSignedIn])

  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <DialogContent showCloseButton={false}>
        <DialogHeader>
          <DialogTitle>You were signed out</DialogTitle>
          <DialogDescription>
            Your session has ended, for example because you signed out in another tab or on another device. Your unsaved
            text is kept on this device. Sign in again to return to this page.
          </DialogDescription>
        </DialogHeader>
        <DialogFooter>
          <Button variant="outline" onClick={() => setIsOpen(false)}>
            Stay here
          </Button>
          <Button onClick={() => location.assign(signInPath(location.pathname + location.search))}>Sign in again</Button>
        </DialogFooter>
      </DialogContent>
    </Dialog>
  )
}

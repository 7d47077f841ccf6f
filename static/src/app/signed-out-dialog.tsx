import { useEffect, useState } from "react"

import { Button } from "@/components/ui/button"
import { Dialog, DialogContent, DialogDescription, DialogFooter, DialogHeader, DialogTitle } from "@/components/ui/dialog"
import { onSignedOut } from "@/lib/api"
import { signInPath } from "@/lib/paths"
import { isLeaving } from "@/lib/session"

import { useSignInElsewhere } from "./use-sign-in-elsewhere"

/** Tells that the session has ended elsewhere. The page below stays as it is, with all that was typed. */
export function SignedOutDialog({ isSignedIn }: { isSignedIn: boolean }) {
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => onSignedOut(() => setIsOpen(!isLeaving())), [])
  useSignInElsewhere(!isSignedIn)
  // Clerk's word counts both ways: signing in again in another tab closes the dialog here.
  useEffect(() => setIsOpen(!isSignedIn && !isLeaving()), [isSignedIn])

  return (
    <Dialog open={isOpen} onOpenChange={setIsOpen}>
      <DialogContent showCloseButton={false}>
        <DialogHeader>
          <DialogTitle>You were signed out</DialogTitle>
          <DialogDescription>
            Your session ended, perhaps because you signed out in another tab or on another device. What you were writing
            is kept on this device; sign in again and you are back on this page.
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

import { useReverification, useSession } from "@clerk/react"
import { isReverificationCancelledError } from "@clerk/react/errors"
import { useState } from "react"
import { toast } from "sonner"

import {
  AlertDialog,
  AlertDialogAction,
  AlertDialogCancel,
  AlertDialogContent,
  AlertDialogDescription,
  AlertDialogFooter,
  AlertDialogHeader,
  AlertDialogTitle,
  AlertDialogTrigger,
} from "@/components/ui/alert-dialog"
import { Button } from "@/components/ui/button"

import { revokeOthers } from "./revoke-others"
import { useSignOut } from "./use-sign-out"

/** Ends every session of the account, this browser's last. */
export function SignOutEverywhere() {
  const { run, isRunning } = useSignOutEverywhere()
  return (
    <section
      aria-labelledby="everywhere"
      className="mt-6 flex flex-col items-start justify-between gap-4 rounded-xl border bg-card p-6 sm:flex-row sm:items-center sm:px-8"
    >
      <div>
        <h2 id="everywhere" className="text-sm font-medium">
          Sign out everywhere
        </h2>
        <p className="mt-1 text-sm text-muted-foreground">
          Ends your sessions on all devices and in all browsers, including this one.
        </p>
      </div>
      <AlertDialog>
        <AlertDialogTrigger asChild>
          <Button variant="outline" disabled={isRunning}>
            {isRunning ? "Signing out…" : "Sign out everywhere"}
          </Button>
        </AlertDialogTrigger>
        <AlertDialogContent>
          <AlertDialogHeader>
            <AlertDialogTitle>Sign out everywhere?</AlertDialogTitle>
            <AlertDialogDescription>
              You will have to sign in again here and on every other device. Unsent drafts stay on the device they were
              typed on.
            </AlertDialogDescription>
          </AlertDialogHeader>
          <AlertDialogFooter>
            <AlertDialogCancel>Cancel</AlertDialogCancel>
            <AlertDialogAction onClick={() => void run()}>Sign out everywhere</AlertDialogAction>
          </AlertDialogFooter>
        </AlertDialogContent>
      </AlertDialog>
    </section>
  )
}

function useSignOutEverywhere() {
  const { session } = useSession()
  const signOut = useSignOut()
  // Clerk may require reverification before it revokes other sessions.
  const endOthers = useReverification(async () => {
    if (session) await revokeOthers(session)
  })
  const [isRunning, setIsRunning] = useState(false)

  const run = async () => {
    setIsRunning(true)
    try {
      await endOthers()
      if (await signOut()) return
    } catch (error) {
      if (!isReverificationCancelledError(error)) {
        toast.error("Not every device could be signed out", { description: "You are still signed in here. Try again." })
      }
    }
    setIsRunning(false)
  }
  return { run, isRunning }
}

import { CircleAlertIcon, PencilIcon, RefreshCwIcon, XIcon } from "lucide-react"
import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"

import { canRetry } from "../model/state"
import type { Talk } from "../model/use-talk"

/** The error at the end of the conversation, with its actions. */
export function TroubleRow({ talk }: { talk: Talk }) {
  const { state } = talk
  const { trouble } = state
  const last = state.messages.at(-1)
  switch (trouble?.kind) {
    case "unsent":
      return (
        <Row message={trouble.message} reference={trouble.reference}>
          <Button variant="outline" size="sm" onClick={talk.takeBack}>
            <PencilIcon />
            Edit
          </Button>
          <Button variant="outline" size="sm" onClick={talk.sendAgain}>
            <RefreshCwIcon />
            Retry
          </Button>
        </Row>
      )
    case "lost":
      return (
        <Row message={trouble.message} reference={trouble.reference}>
          <Button variant="outline" size="sm" onClick={talk.reload}>
            <RefreshCwIcon />
            Reload
          </Button>
        </Row>
      )
    case "moved":
    case "notice":
      return (
        <Row message={trouble.message} reference={trouble.reference}>
          <Button variant="ghost" size="icon-sm" aria-label="Close this notice" onClick={talk.troubleRead}>
            <XIcon />
          </Button>
        </Row>
      )
    default:
      // A stored reply shows its own note; this is for a message without a reply.
      if (state.reply || (last?.role === "assistant" && (!trouble || last.status !== "done")) || !last) return null
      return (
        <Row message={trouble?.message ?? "There is no reply to this message yet."} reference={trouble?.reference ?? null}>
          {canRetry(state) && (
            <Button variant="outline" size="sm" onClick={talk.retry}>
              <RefreshCwIcon />
              Retry
            </Button>
          )}
        </Row>
      )
  }
}

function Row({ message, reference, children }: { message: string; reference: string | null; children: ReactNode }) {
  return (
    <div role="alert" className="my-2 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border bg-muted/50 px-3 py-2.5 text-sm">
      <span className="flex min-w-0 flex-1 basis-48 items-start gap-2">
        <CircleAlertIcon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted-foreground" />
        <span>
          {message}
          {reference && <span className="block text-xs text-muted-foreground">Reference {reference}</span>}
        </span>
      </span>
      <span className="flex gap-2">{children}</span>
    </div>
  )
}

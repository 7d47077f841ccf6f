import { CircleAlertIcon, CircleStopIcon, PlayIcon, RefreshCwIcon, ShieldAlertIcon } from "lucide-react"
import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"
import { cn } from "@/lib/utils"
import type { ConversationPersona } from "@/lib/wire"

import type { ShownMessage, Trouble } from "../model/state"
import { CopyButton } from "./message-actions"
import type { MessageActions } from "./message-row"

interface Props {
  message: ShownMessage
  persona: ConversationPersona
  actions: MessageActions | null
  trouble: Trouble | null
}

/** The note of a stopped, interrupted or refused reply, with its actions. */
export function EndedNote({ message, persona, actions, trouble }: Props) {
  const isLast = actions !== null
  const isEmpty = message.content === ""
  const shared = { actions, text: message.content }
  switch (message.status) {
    case "stopped":
      return (
        <Note icon={<CircleStopIcon />} {...shared}>
          {isEmpty ? "Stopped before the reply began." : "Stopped."}
        </Note>
      )
    case "interrupted":
      return (
        <Note icon={<CircleAlertIcon />} {...shared} isAlert trouble={trouble}>
          {trouble?.message ?? interruptedText(persona.name, isEmpty, isLast)}
        </Note>
      )
    case "refused":
      return (
        <Note icon={<ShieldAlertIcon />} {...shared} isAlert trouble={trouble}>
          {trouble?.message ??
            (isLast ? "The model declined to reply. Rephrase your message, or try again." : "The model declined to reply.")}
        </Note>
      )
    default:
      return null
  }
}

function interruptedText(name: string, isEmpty: boolean, isLast: boolean): string {
  if (isEmpty) return `${name} did not reply.`
  return isLast ? "The reply was interrupted. The text so far is kept." : "Interrupted."
}

interface NoteProps {
  icon: ReactNode
  children: ReactNode
  actions: MessageActions | null
  /** What the copy button copies. */
  text: string
  isAlert?: boolean
  trouble?: Trouble | null
}

function Note({ icon, children, actions, text, isAlert = false, trouble = null }: NoteProps) {
  const isAsking = isAlert && actions !== null
  return (
    <div
      role={isAsking ? "alert" : undefined}
      className={cn(
        "flex flex-wrap items-center gap-x-3 gap-y-2 text-sm",
        isAsking ? "mt-2 rounded-lg border bg-muted/50 px-3 py-2.5" : "mt-1.5 text-muted-foreground",
      )}
    >
      <span
        className={cn(
          "flex min-w-0 items-start gap-2 [&>svg]:mt-0.5 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-muted-foreground",
          isAsking && "flex-1 basis-48",
        )}
      >
        {icon}
        <span>
          {children}
          {trouble?.reference && <span className="block text-xs text-muted-foreground">Reference {trouble.reference}</span>}
        </span>
      </span>
      <span className="flex items-center gap-2">
        {actions?.continueReply && (
          <Button variant="outline" size="sm" onClick={actions.continueReply}>
            <PlayIcon />
            Continue
          </Button>
        )}
        {actions?.retry && (
          <Button variant="outline" size="sm" onClick={actions.retry}>
            <RefreshCwIcon />
            Retry
          </Button>
        )}
        {text !== "" && <CopyButton text={text} alwaysShown={actions !== null} />}
      </span>
    </div>
  )
}

import { memo } from "react"

import { Markdown } from "@/components/markdown"
import { PersonaAvatar } from "@/components/persona-avatar"
import { fullTime } from "@/lib/time"
import { cn } from "@/lib/utils"
import type { ConversationPersona } from "@/lib/wire"

import type { Phase, ShownMessage, Trouble } from "../model/state"
import { EndedNote } from "./ended-note"
import { CopyButton, RetryButton } from "./message-actions"
import { Reasoning } from "./reasoning"
import { Thinking } from "./thinking"

/** The available actions of the newest reply. */
export interface MessageActions {
  retry?: () => void
  continueReply?: () => void
}

interface Props {
  message: ShownMessage
  persona: ConversationPersona
  /** The phase of the reply that writes this message. */
  active: Phase | null
  isConnected: boolean
  /** Present on the last message only. */
  actions: MessageActions | null
  trouble: Trouble | null
}

/** A message. Memoized, so that only the row of the running reply is rendered again. */
export const MessageRow = memo(function MessageRow(props: Props) {
  return props.message.role === "user" ? <Own message={props.message} /> : <Theirs {...props} />
})

function Own({ message }: { message: ShownMessage }) {
  return (
    <article aria-label="You" title={fullTime(message.created_at)} className="group flex items-end justify-end gap-1 py-2.5">
      {message.delivery === "sending" ? (
        <span className="pb-2 text-xs text-muted-foreground">Sending…</span>
      ) : (
        <CopyButton text={message.content} />
      )}
      <div
        className={cn(
          "max-w-[85%] min-w-0 rounded-2xl rounded-br-md bg-secondary px-4 py-2.5 text-[0.9375rem]/relaxed break-words whitespace-pre-wrap text-secondary-foreground sm:max-w-[75%]",
          message.delivery && "opacity-70",
          message.delivery === "unsent" && "border border-dashed border-destructive/50",
        )}
      >
        {message.content}
      </div>
    </article>
  )
}

function Theirs({ message, persona, active, isConnected, actions, trouble }: Props) {
  const isEmpty = message.content === ""
  return (
    <article aria-label={persona.name} aria-busy={active !== null} title={fullTime(message.created_at)} className="group flex gap-3 py-2.5">
      <PersonaAvatar persona={persona} className="mt-0.5 size-8 text-xs" />
      <div className="min-w-0 flex-1">
        {message.reasoning && <Reasoning text={message.reasoning} isOpenWhile={active !== null && isEmpty} />}
        {!isEmpty && (
          <div className="text-[0.9375rem]/relaxed break-words">
            <Markdown text={message.content} />
          </div>
        )}
        {active && <Thinking name={persona.name} phase={active} isConnected={isConnected} isBare={isEmpty} />}
        {!active && <EndedNote message={message} persona={persona} actions={actions} trouble={trouble} />}
        {!active && message.status === "done" && (
          <div className="mt-1 -ml-1.5 flex h-7 items-center gap-0.5">
            {!isEmpty && <CopyButton text={message.content} alwaysShown={actions !== null} />}
            {actions?.retry && <RetryButton onClick={actions.retry} />}
          </div>
        )}
      </div>
    </article>
  )
}

import { ArrowDownIcon, LoaderCircleIcon } from "lucide-react"
import { Fragment, useLayoutEffect, useMemo, useRef } from "react"

import { PersonaAvatar } from "@/components/persona-avatar"
import { Button } from "@/components/ui/button"
import type { ConversationPersona } from "@/lib/wire"

import { canContinue, canRetry } from "../model/state"
import type { Talk } from "../model/use-talk"
import { dayLabel, isNewDay } from "./dates"
import { MessageRow, type MessageActions } from "./message-row"
import { TroubleRow } from "./trouble-row"
import { useEarlier } from "./use-earlier"
import { useStickToBottom } from "./use-stick-to-bottom"

/** The messages, oldest first. Stays scrolled to the end unless the user scrolls up. */
export function MessageList({ talk }: { talk: Talk }) {
  const { state, retry, continueReply } = talk
  const { messages, persona, reply } = state
  const { scroller, content, isAtEnd, toEnd } = useStickToBottom()
  const earlier = useEarlier(scroller, { hasEarlier: state.hasEarlier, firstId: messages[0]?.id, read: talk.loadEarlier })
  useShowOwnQuestion(messages.findLast((message) => message.role === "user")?.id, toEnd)

  const mayRetry = canRetry(state)
  const mayContinue = canContinue(state)
  const actions = useMemo<MessageActions>(
    () => ({ ...(mayRetry && { retry }), ...(mayContinue && { continueReply }) }),
    [mayRetry, mayContinue, retry, continueReply],
  )
  const now = new Date()

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={`Conversation with ${persona.name}`}
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain outline-none [overflow-anchor:none] focus-visible:ring-2 focus-visible:ring-ring/40 focus-visible:ring-inset"
      >
        <div ref={content} className="mx-auto flex min-h-full w-full max-w-3xl flex-col justify-end px-4 py-6 sm:px-6">
          <div ref={earlier.sentinel} />
          {state.hasEarlier ? <EarlierRow earlier={earlier} /> : <Opening persona={persona} />}
          {messages.map((message, index) => (
            <Fragment key={message.id}>
              {isNewDay(messages[index - 1]?.created_at, message.created_at) && (
                <DaySeparator label={dayLabel(message.created_at, now, "en")} />
              )}
              <MessageRow
                message={message}
                persona={persona}
                active={message.id === reply?.messageId ? reply.phase : null}
                isConnected={message.id !== reply?.messageId || reply.connected}
                actions={index === messages.length - 1 ? actions : null}
                trouble={index === messages.length - 1 && state.trouble?.kind === "reply" ? state.trouble : null}
              />
            </Fragment>
          ))}
          <TroubleRow talk={talk} />
        </div>
      </div>
      {!isAtEnd && (
        <Button
          variant="outline"
          size="sm"
          onClick={toEnd}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full bg-popover shadow-soft dark:bg-popover"
        >
          <ArrowDownIcon />
          Jump to latest
        </Button>
      )}
    </div>
  )
}

/** Scrolls to the end when the user sends a message. */
function useShowOwnQuestion(id: string | undefined, toEnd: () => void) {
  const last = useRef(id)
  useLayoutEffect(() => {
    if (id !== last.current) toEnd()
    last.current = id
  }, [id, toEnd])
}

function Opening({ persona }: { persona: ConversationPersona }) {
  return (
    <div className="mb-4 flex flex-col items-center gap-2 pt-2 pb-4 text-center">
      <PersonaAvatar persona={persona} className="size-20 text-xl" />
      <p className="mt-1 text-lg font-semibold tracking-tight">{persona.name}</p>
      {persona.tagline && <p className="max-w-sm text-sm text-balance text-muted-foreground">{persona.tagline}</p>}
    </div>
  )
}

function EarlierRow({ earlier }: { earlier: { isLoading: boolean; error: string | null; load: () => void } }) {
  return (
    <div className="flex flex-col items-center gap-2 pb-6 text-sm text-muted-foreground" role="status">
      {earlier.error && <p>{earlier.error}</p>}
      <Button variant="ghost" size="sm" disabled={earlier.isLoading} onClick={earlier.load}>
        {earlier.isLoading && <LoaderCircleIcon className="animate-spin" />}
        {earlier.isLoading ? "Loading earlier messages…" : earlier.error ? "Try again" : "Load earlier messages"}
      </Button>
    </div>
  )
}

function DaySeparator({ label }: { label: string }) {
  return (
    <div role="separator" aria-label={label} className="my-4 flex items-center gap-3 text-xs text-muted-foreground">
      <span className="h-px flex-1 bg-border" />
      {label}
      <span className="h-px flex-1 bg-border" />
    </div>
  )
}

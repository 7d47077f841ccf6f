import { useEffect } from "react"

import { PageTitle } from "@/components/page"
import type { Conversation } from "@/lib/wire"

import { useTalk } from "./model/use-talk"
import { Composer } from "./parts/composer"
import { MessageList } from "./parts/message-list"
import { OfflineNotice } from "./parts/offline-notice"
import { TalkHeader } from "./parts/talk-header"
import { useKeyboardInset } from "./parts/use-keyboard-inset"

/** A loaded conversation: header, messages, composer. */
export function TalkView({ conversation }: { conversation: Conversation }) {
  const talk = useTalk(conversation)
  const { state, stop } = talk
  const { reply } = state
  const isRunning = reply !== null && reply.phase !== "stopping"
  const inset = useKeyboardInset()

  useEffect(() => {
    if (!isRunning) return
    const onKey = (event: KeyboardEvent) => {
      // Escape closes an open menu or dialog first.
      if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector('[role="dialog"], [role="menu"]')) stop()
    }
    document.addEventListener("keydown", onKey)
    return () => document.removeEventListener("keydown", onKey)
  }, [isRunning, stop])

  return (
    <div className="flex min-h-0 flex-1 flex-col" style={{ paddingBottom: inset }}>
      <PageTitle>{state.persona.name}</PageTitle>
      <TalkHeader conversationId={state.id} persona={state.persona} />
      <MessageList talk={talk} />
      <OfflineNotice />
      <Composer talk={talk} />
      <p role="status" aria-live="polite" className="sr-only">
        {state.announcement}
      </p>
    </div>
  )
}

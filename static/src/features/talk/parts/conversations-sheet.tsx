import { MessageCirclePlusIcon } from "lucide-react"
import { Link } from "react-router"

import { Button } from "@/components/ui/button"
import { Sheet, SheetContent, SheetDescription, SheetHeader, SheetTitle } from "@/components/ui/sheet"
import { Skeleton } from "@/components/ui/skeleton"
import { sentence, usePersonaConversations } from "@/lib/api"
import { paths } from "@/lib/paths"
import { relativeTime } from "@/lib/time"
import { cn } from "@/lib/utils"
import type { ConversationPersona, ConversationSummary } from "@/lib/wire"

interface Props {
  persona: ConversationPersona
  currentId: string
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  onNew?: (() => void) | undefined
}

/** All conversations with this persona. */
export function ConversationsSheet({ persona, currentId, isOpen, onOpenChange, onNew }: Props) {
  return (
    <Sheet open={isOpen} onOpenChange={onOpenChange}>
      <SheetContent className="w-[min(22rem,90vw)] gap-0">
        <SheetHeader className="pr-12">
          <SheetTitle className="truncate">{persona.name}</SheetTitle>
          <SheetDescription>Your conversations, newest first.</SheetDescription>
        </SheetHeader>
        {onNew && (
          <div className="px-4 pb-3">
            <Button variant="outline" className="w-full" onClick={onNew}>
              <MessageCirclePlusIcon />
              New conversation
            </Button>
          </div>
        )}
        <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
          <List personaId={persona.id} currentId={currentId} isOpen={isOpen} onChosen={() => onOpenChange(false)} />
        </div>
      </SheetContent>
    </Sheet>
  )
}

function List({ personaId, currentId, isOpen, onChosen }: { personaId: string; currentId: string; isOpen: boolean; onChosen: () => void }) {
  const list = usePersonaConversations(personaId, isOpen)
  if (list.isPending) {
    return (
      <div role="status" className="space-y-3 px-2 py-1">
        <span className="sr-only">Loading…</span>
        {[0, 1, 2].map((row) => (
          <Skeleton key={row} className="h-14 w-full" />
        ))}
      </div>
    )
  }
  if (list.isError && !list.data) {
    return (
      <div role="alert" className="space-y-3 px-2 py-1 text-sm text-muted-foreground">
        <p>{sentence(list.error)}</p>
        <Button size="sm" variant="outline" onClick={() => void list.refetch()}>
          Try again
        </Button>
      </div>
    )
  }
  return (
    <>
      <ul className="space-y-0.5">
        {list.data.pages
          .flatMap((page) => page.items)
          .map((one) => (
            <li key={one.id}>
              <Row conversation={one} isCurrent={one.id === currentId} onChosen={onChosen} />
            </li>
          ))}
      </ul>
      {list.hasNextPage && (
        <Button variant="ghost" size="sm" className="mt-2 w-full" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Show more
        </Button>
      )}
    </>
  )
}

function Row({ conversation, isCurrent, onChosen }: { conversation: ConversationSummary; isCurrent: boolean; onChosen: () => void }) {
  return (
    <Link
      to={paths.talk(conversation.id)}
      onClick={onChosen}
      aria-current={isCurrent ? "page" : undefined}
      className={cn(
        "block rounded-lg px-3 py-2.5 outline-none hover:bg-accent focus-visible:ring-[3px] focus-visible:ring-ring/50",
        isCurrent && "bg-accent",
      )}
    >
      <span className="line-clamp-2 text-sm">{conversation.preview || "No messages yet"}</span>
      <span className="mt-1 block text-xs text-muted-foreground">
        {relativeTime(conversation.last_message_at, Date.now())} · {conversation.messages} {conversation.messages === 1 ? "message" : "messages"}
      </span>
    </Link>
  )
}

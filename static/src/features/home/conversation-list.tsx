import { MessageCircleIcon, Trash2Icon } from "lucide-react"
import type { RefObject } from "react"
import { Link } from "react-router"

import { PersonaAvatar } from "@/components/persona-avatar"
import { DropdownMenuItem, DropdownMenuSeparator } from "@/components/ui/dropdown-menu"
import type { Pages } from "@/lib/api"
import { paths } from "@/lib/paths"
import { fullTime, relativeTime } from "@/lib/time"
import type { ConversationSummary } from "@/lib/wire"

import { plainPreview } from "./filter"
import { LoadMore } from "./load-more"
import { RowMenu } from "./row-menu"
import { useNow } from "./use-now"

export function ConversationList({
  headingRef,
  conversations,
  pages,
  isFiltered,
  onDelete,
}: {
  headingRef: RefObject<HTMLHeadingElement | null>
  conversations: ConversationSummary[]
  pages: Pages<ConversationSummary>
  isFiltered: boolean
  onDelete: (conversation: ConversationSummary) => void
}) {
  const now = useNow()
  return (
    <section aria-labelledby="conversations">
      <h2 ref={headingRef} id="conversations" tabIndex={-1} className="text-lg font-semibold tracking-tight outline-none">
        Recent conversations
      </h2>
      {conversations.length > 0 ? (
        <ul className="mt-2 -mx-3">
          {conversations.map((conversation) => (
            <Row key={conversation.id} conversation={conversation} now={now} onDelete={() => onDelete(conversation)} />
          ))}
        </ul>
      ) : (
        <p className="mt-4 rounded-xl border border-dashed p-8 text-center text-sm text-muted-foreground">
          {isFiltered ? "No conversations match your search." : "Your conversations will appear here."}
        </p>
      )}
      <LoadMore pages={pages} label="Show older conversations" isFiltered={isFiltered} />
    </section>
  )
}

function Row({
  conversation,
  now,
  onDelete,
}: {
  conversation: ConversationSummary
  now: number
  onDelete: () => void
}) {
  const { persona, preview, last_message_at } = conversation
  return (
    <li className="group relative rounded-lg transition-colors focus-within:bg-muted/70 hover:bg-muted/70">
      <Link
        to={paths.talk(conversation.id)}
        className="flex gap-3 rounded-lg py-3 pr-11 pl-3 outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
      >
        <PersonaAvatar persona={persona} className="size-10 text-sm" />
        <span className="min-w-0 flex-1">
          <span className="flex items-baseline justify-between gap-3">
            <span className="truncate text-sm font-medium">{persona.name}</span>
            <time
              dateTime={last_message_at}
              title={fullTime(last_message_at)}
              className="shrink-0 text-xs text-muted-foreground"
            >
              {relativeTime(last_message_at, now)}
            </time>
          </span>
          <span className="mt-0.5 line-clamp-2 text-sm text-muted-foreground">{plainPreview(preview) || "No messages yet"}</span>
        </span>
      </Link>
      <RowMenu label={`More for the conversation with ${persona.name}`} className="absolute top-2 right-1.5">
        <DropdownMenuItem asChild>
          <Link to={paths.talk(conversation.id)}>
            <MessageCircleIcon />
            Open
          </Link>
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem variant="destructive" onSelect={onDelete}>
          <Trash2Icon />
          Delete
        </DropdownMenuItem>
      </RowMenu>
    </li>
  )
}

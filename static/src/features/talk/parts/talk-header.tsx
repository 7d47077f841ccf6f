import { ArrowLeftIcon, HistoryIcon, MessageCirclePlusIcon, MoreHorizontalIcon, PencilIcon, Trash2Icon } from "lucide-react"
import { useState } from "react"
import { Link, useNavigate } from "react-router"
import { toast } from "sonner"

import { PersonaAvatar } from "@/components/persona-avatar"
import { Button } from "@/components/ui/button"
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu"
import { sentence, useDeleteConversation, useOpenConversation, useRestoreConversation } from "@/lib/api"
import { paths } from "@/lib/paths"
import type { ConversationPersona } from "@/lib/wire"

import { ConversationsSheet } from "./conversations-sheet"

/** The persona and the actions of the conversation. */
export function TalkHeader({ conversationId, persona }: { conversationId: string; persona: ConversationPersona }) {
  const open = useOpenConversation()
  const remove = useDeleteWithUndo(conversationId, persona.name)
  const [showsOthers, setShowsOthers] = useState(false)
  const openNew = () => open.mutate(persona.id, { onError: (error) => toast.error(sentence(error)) })

  return (
    <div className="border-b bg-background">
      <div className="mx-auto flex h-14 w-full max-w-5xl items-center gap-2 px-2 sm:px-4">
        <Button asChild variant="ghost" size="icon" aria-label="Back to the dashboard">
          <Link to={paths.dashboard}>
            <ArrowLeftIcon />
          </Link>
        </Button>
        <PersonaAvatar persona={persona} className="size-9" />
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-sm leading-tight font-semibold">{persona.name}</h1>
          {persona.tagline && <p className="truncate text-xs text-muted-foreground">{persona.tagline}</p>}
        </div>
        <Button variant="ghost" size="sm" className="max-sm:hidden" disabled={persona.deleted || open.isPending} onClick={openNew}>
          <MessageCirclePlusIcon />
          New conversation
        </Button>
        <Button variant="ghost" size="icon" aria-label={`Conversations with ${persona.name}`} onClick={() => setShowsOthers(true)}>
          <HistoryIcon />
        </Button>
        <DropdownMenu>
          <DropdownMenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label="More">
              <MoreHorizontalIcon />
            </Button>
          </DropdownMenuTrigger>
          <DropdownMenuContent align="end" className="w-56">
            {!persona.deleted && (
              <>
                <DropdownMenuItem asChild>
                  <Link to={paths.persona(persona.id)}>
                    <PencilIcon />
                    Edit persona
                  </Link>
                </DropdownMenuItem>
                <DropdownMenuItem disabled={open.isPending} onSelect={openNew}>
                  <MessageCirclePlusIcon />
                  New conversation
                </DropdownMenuItem>
              </>
            )}
            <DropdownMenuItem onSelect={() => setShowsOthers(true)}>
              <HistoryIcon />
              Other conversations
            </DropdownMenuItem>
            <DropdownMenuSeparator />
            <DropdownMenuItem variant="destructive" onSelect={remove}>
              <Trash2Icon />
              Delete conversation
            </DropdownMenuItem>
          </DropdownMenuContent>
        </DropdownMenu>
      </div>
      <ConversationsSheet
        persona={persona}
        currentId={conversationId}
        isOpen={showsOthers}
        onOpenChange={setShowsOthers}
        onNew={persona.deleted ? undefined : openNew}
      />
    </div>
  )
}

/** Deletes the conversation at once and offers undo. */
function useDeleteWithUndo(id: string, name: string): () => void {
  const remove = useDeleteConversation()
  const restore = useRestoreConversation()
  const navigate = useNavigate()

  const undo = async () => {
    try {
      await restore.mutateAsync(id)
      await navigate(paths.talk(id))
    } catch (error) {
      toast.error("The conversation could not be restored.", { description: sentence(error) })
    }
  }
  return async () => {
    try {
      await remove.mutateAsync(id)
      toast(`Conversation with ${name} deleted.`, { duration: 10_000, action: { label: "Undo", onClick: () => void undo() } })
      await navigate(paths.dashboard)
    } catch (error) {
      toast.error("The conversation could not be deleted.", { description: sentence(error) })
    }
  }
}

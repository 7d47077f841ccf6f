import { MessageCircleIcon, PencilIcon, Trash2Icon } from "lucide-react"
import type { RefObject } from "react"
import { Link } from "react-router"
import { toast } from "sonner"

import { PersonaAvatar } from "@/components/persona-avatar"
import { Button } from "@/components/ui/button"
import { DropdownMenuItem, DropdownMenuSeparator } from "@/components/ui/dropdown-menu"
import { sentence, useOpenConversation, type Pages } from "@/lib/api"
import { paths } from "@/lib/paths"
import type { PersonaSummary } from "@/lib/wire"

import { LoadMore } from "./load-more"
import { NothingFound } from "./nothing-found"
import { RowMenu } from "./row-menu"

export function PersonaGrid({
  headingRef,
  personas,
  pages,
  isFiltered,
  onClear,
  onDelete,
}: {
  headingRef: RefObject<HTMLHeadingElement | null>
  personas: PersonaSummary[]
  pages: Pages<PersonaSummary>
  isFiltered: boolean
  onClear: () => void
  onDelete: (persona: PersonaSummary) => void
}) {
  return (
    <section aria-labelledby="personas">
      <h2 ref={headingRef} id="personas" tabIndex={-1} className="text-lg font-semibold tracking-tight outline-none">
        Your personas
      </h2>
      {personas.length > 0 ? (
        <ul className="mt-4 grid gap-4 sm:grid-cols-2">
          {personas.map((persona) => (
            <PersonaCard key={persona.id} persona={persona} onDelete={() => onDelete(persona)} />
          ))}
        </ul>
      ) : isFiltered ? (
        <NothingFound onClear={onClear}>No personas match your search.</NothingFound>
      ) : (
        <p className="mt-4 rounded-xl border border-dashed p-8 text-center text-sm text-muted-foreground">
          You have no personas.{" "}
          <Link to={paths.newPersona} className="font-medium text-primary underline underline-offset-4">
            Create one
          </Link>
        </p>
      )}
      <LoadMore pages={pages} label="Show more personas" isFiltered={isFiltered} />
    </section>
  )
}

const TAGS_ON_CARD_MAX = 3

function PersonaCard({ persona, onDelete }: { persona: PersonaSummary; onDelete: () => void }) {
  const open = useOpenConversation()
  const talk = () =>
    open.mutate(persona.id, {
      onError: (error) => toast.error("The conversation could not be opened", { description: sentence(error) }),
    })
  const more = persona.tags.length - TAGS_ON_CARD_MAX

  return (
    <li className="group relative flex min-w-0 flex-col rounded-xl border bg-card p-5 transition-shadow hover:shadow-soft">
      <div className="flex items-start gap-4">
        <PersonaAvatar persona={persona} className="size-14 text-lg" />
        <div className="min-w-0 flex-1 pt-0.5 pr-7">
          <h3 className="truncate font-semibold">{persona.name}</h3>
          <p className="mt-0.5 line-clamp-2 text-sm text-muted-foreground">{persona.tagline || "No tagline yet"}</p>
        </div>
      </div>
      {persona.tags.length > 0 && (
        <ul aria-label="Tags" className="mt-4 flex flex-wrap gap-1.5">
          {persona.tags.slice(0, TAGS_ON_CARD_MAX).map((tag) => (
            <li key={tag} className="max-w-40 truncate rounded-full bg-secondary px-2.5 py-0.5 text-xs text-secondary-foreground">
              {tag}
            </li>
          ))}
          {more > 0 && (
            <li className="px-1 py-0.5 text-xs text-muted-foreground">
              +{more}
              <span className="sr-only"> more</span>
            </li>
          )}
        </ul>
      )}
      <div className="mt-auto flex items-center justify-between gap-3 pt-5">
        <span className="text-xs text-muted-foreground">{conversationCount(persona.conversations)}</span>
        <Button
          variant="secondary"
          size="sm"
          aria-label={`Talk to ${persona.name}`}
          aria-busy={open.isPending}
          disabled={open.isPending}
          onClick={talk}
        >
          <MessageCircleIcon />
          {open.isPending ? "Opening…" : "Talk"}
        </Button>
      </div>
      <RowMenu label={`More for ${persona.name}`} className="absolute top-3 right-3">
        <DropdownMenuItem onSelect={talk}>
          <MessageCircleIcon />
          Talk
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link to={paths.persona(persona.id)}>
            <PencilIcon />
            Edit
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

function conversationCount(count: number) {
  if (count === 0) return "No conversations yet"
  return count === 1 ? "1 conversation" : `${count} conversations`
}

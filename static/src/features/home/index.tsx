import { PlusIcon } from "lucide-react"
import { useMemo, useState } from "react"
import { Link } from "react-router"

import { Page } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { Tabs, TabsContent, TabsList, TabsTrigger } from "@/components/ui/tabs"
import { sentence, useConversationPages, useDashboard, usePersonaPages } from "@/lib/api"
import { paths } from "@/lib/paths"
import type { Dashboard } from "@/lib/wire"

import { ConversationList } from "./conversation-list"
import { commonTags, filterConversations, filterPersonas, type Filter } from "./filter"
import { FilterBar } from "./filter-bar"
import { PersonaGrid } from "./persona-grid"
import { DashboardSkeleton } from "./skeleton"
import { useDeletions } from "./use-deletions"
import { Welcome } from "./welcome"

const TAGS_SHOWN_MAX = 8

/** The dashboard: the user's personas and recent conversations. */
export default function DashboardPage() {
  const dashboard = useDashboard()
  return (
    <Page title="Dashboard">
      {dashboard.data ? (
        <Content dashboard={dashboard.data} />
      ) : dashboard.isError ? (
        <>
          <h1 className="text-3xl font-semibold tracking-tight">Dashboard</h1>
          <ErrorState title="Your personas could not be loaded" onRetry={() => void dashboard.refetch()}>
            {sentence(dashboard.error)}
          </ErrorState>
        </>
      ) : (
        <DashboardSkeleton />
      )}
    </Page>
  )
}

function Content({ dashboard }: { dashboard: Dashboard }) {
  const personas = usePersonaPages(dashboard.personas)
  const conversations = useConversationPages(dashboard.conversations)
  const deletions = useDeletions()
  const [filter, setFilter] = useState<Filter>({ text: "", tag: null })

  const kept = personas.items.filter(({ id }) => !deletions.hidden.has(id))
  const talks = conversations.items.filter(({ id }) => !deletions.hidden.has(id))
  const tags = useMemo(() => commonTags(personas.items, TAGS_SHOWN_MAX), [personas.items])
  const isFiltered = filter.text.trim() !== "" || filter.tag !== null
  const clear = () => setFilter({ text: "", tag: null })

  if (kept.length === 0 && talks.length === 0 && !personas.hasMore && !conversations.hasMore) {
    return <Welcome name={firstName(dashboard.me.name)} />
  }
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="text-3xl font-semibold tracking-tight">{greeting(dashboard.me.name)}</h1>
        <Button asChild size="lg">
          <Link to={paths.newPersona}>
            <PlusIcon />
            New persona
          </Link>
        </Button>
      </div>
      <FilterBar filter={filter} onChange={setFilter} tags={tags} />
      {/* Tabs on narrow screens, two columns on wide ones. */}
      <Tabs defaultValue="personas" className="mt-6 gap-6 lg:mt-10 lg:grid lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-10">
        <TabsList className="w-full lg:hidden">
          <TabsTrigger value="personas">Personas</TabsTrigger>
          <TabsTrigger value="conversations">Conversations</TabsTrigger>
        </TabsList>
        <TabsContent value="personas" forceMount tabIndex={-1} className="data-[state=inactive]:max-lg:hidden">
          <PersonaGrid
            headingRef={deletions.personasHeading}
            personas={filterPersonas(kept, filter)}
            pages={personas}
            isFiltered={isFiltered}
            onClear={clear}
            onDelete={deletions.removePersona}
          />
        </TabsContent>
        <TabsContent value="conversations" forceMount tabIndex={-1} className="data-[state=inactive]:max-lg:hidden">
          <ConversationList
            headingRef={deletions.conversationsHeading}
            conversations={filterConversations(talks, kept, filter)}
            pages={conversations}
            isFiltered={isFiltered}
            onDelete={deletions.removeConversation}
          />
        </TabsContent>
      </Tabs>
    </>
  )
}

function firstName(name: string) {
  return name.trim().split(/\s+/u)[0] ?? ""
}

function greeting(name: string) {
  const first = firstName(name)
  return first ? `Welcome back, ${first}` : "Welcome back"
}

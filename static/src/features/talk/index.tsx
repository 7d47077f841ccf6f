import { useParams } from "react-router"

import { PageTitle } from "@/components/page"
import { ErrorState, NotFoundState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { isProblem, sentence, useConversation } from "@/lib/api"
import { paths } from "@/lib/paths"
import { Link } from "react-router"

import { TalkSkeleton } from "./parts/talk-skeleton"
import { TalkView } from "./talk-view"

/** One conversation. */
export default function TalkPage() {
  const { id = "" } = useParams()
  const conversation = useConversation(id)

  if (conversation.data) return <TalkView key={id} conversation={conversation.data} />
  if (conversation.isPending) return <TalkSkeleton />
  if (isProblem(conversation.error, "not-found", "gone", "malformed")) {
    return (
      <>
        <PageTitle>No such conversation</PageTitle>
        <NotFoundState
          title="There is no such conversation"
          action={
            <Button asChild>
              <Link to={paths.dashboard}>To the dashboard</Link>
            </Button>
          }
        >
          It may have been deleted, or the address may be mistyped.
        </NotFoundState>
      </>
    )
  }
  return (
    <>
      <PageTitle>Conversation</PageTitle>
      <ErrorState title="The conversation could not be loaded" onRetry={() => void conversation.refetch()}>
        {sentence(conversation.error)}
      </ErrorState>
    </>
  )
}

import { useParams } from "react-router"

import { NotLoaded } from "@/components/not-loaded"
import { useConversation } from "@/lib/api"

import { TalkSkeleton } from "./parts/talk-skeleton"
import { TalkView } from "./talk-view"

/** The page of a conversation. */
export default function TalkPage() {
  const { id = "" } = useParams()
  const conversation = useConversation(id)

  if (conversation.data) return <TalkView key={id} conversation={conversation.data} />
  if (conversation.isPending) return <TalkSkeleton />
  return <NotLoaded what="conversation" error={conversation.error} onRetry={() => void conversation.refetch()} />
}

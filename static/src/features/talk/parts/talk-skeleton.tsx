import { PageTitle } from "@/components/page"
import { Skeleton } from "@/components/ui/skeleton"

/** The skeleton of a conversation. */
export function TalkSkeleton() {
  return (
    <div role="status" className="flex min-h-0 flex-1 flex-col">
      <PageTitle>Conversation</PageTitle>
      <span className="sr-only">Loading the conversation…</span>
      <div className="flex items-center gap-3 border-b px-4 py-2.5">
        <Skeleton className="ml-9 size-9 rounded-full" />
        <Skeleton className="h-4 w-32" />
      </div>
      <div className="mx-auto flex w-full max-w-3xl flex-1 flex-col gap-8 px-4 py-8">
        <div className="flex gap-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex-1 space-y-2.5">
            <Skeleton className="h-4 w-11/12" />
            <Skeleton className="h-4 w-3/4" />
          </div>
        </div>
        <Skeleton className="ml-auto h-11 w-1/2 rounded-2xl" />
        <div className="flex gap-3">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex-1 space-y-2.5">
            <Skeleton className="h-4 w-full" />
            <Skeleton className="h-4 w-5/6" />
            <Skeleton className="h-4 w-1/3" />
          </div>
        </div>
      </div>
      <div className="mx-auto w-full max-w-3xl px-4 pb-9">
        <Skeleton className="h-14 w-full rounded-2xl" />
      </div>
    </div>
  )
}

import { PageTitle } from "@/components/page"
import { Skeleton } from "@/components/ui/skeleton"

/** The skeleton of the editor. */
export function EditorSkeleton() {
  return (
    <div role="status">
      <PageTitle>Persona</PageTitle>
      <span className="sr-only">Loading the persona…</span>
      <div className="border-b">
        <div className="mx-auto flex h-14 max-w-4xl items-center gap-3 px-4 sm:px-6">
          <Skeleton className="size-8 rounded-md" />
          <Skeleton className="h-4 w-40" />
          <Skeleton className="ml-auto h-9 w-20 rounded-md" />
        </div>
      </div>
      <div className="mx-auto grid max-w-4xl gap-8 px-4 py-10 sm:px-6 lg:grid-cols-[13rem_1fr]">
        <Skeleton className="h-5 w-24" />
        <div className="space-y-7">
          <Skeleton className="size-24 rounded-full" />
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-28 w-full" />
          <Skeleton className="h-28 w-full" />
        </div>
      </div>
    </div>
  )
}

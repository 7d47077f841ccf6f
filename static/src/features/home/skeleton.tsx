import { Skeleton } from "@/components/ui/skeleton"

/** The skeleton of the dashboard. */
export function DashboardSkeleton() {
  return (
    <div role="status">
      <span className="sr-only">Loading your personas…</span>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Skeleton className="h-9 w-64 max-w-full" />
        <Skeleton className="h-11 w-40" />
      </div>
      <Skeleton className="mt-8 h-10 w-full lg:max-w-xs" />
      <div className="mt-6 grid gap-6 lg:mt-10 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-10">
        <div>
          <Skeleton className="h-6 w-36" />
          <div className="mt-4 grid gap-4 sm:grid-cols-2">
            {Array.from({ length: 4 }, (_, i) => (
              <Skeleton key={i} className="h-44 rounded-xl" />
            ))}
          </div>
        </div>
        <div className="max-lg:hidden">
          <Skeleton className="h-6 w-48" />
          {Array.from({ length: 5 }, (_, i) => (
            <div key={i} className="mt-5 flex gap-3">
              <Skeleton className="size-10 shrink-0 rounded-full" />
              <div className="flex-1 space-y-2">
                <Skeleton className="h-4 w-24" />
                <Skeleton className="h-4 w-full" />
              </div>
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

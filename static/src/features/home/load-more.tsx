import { Button } from "@/components/ui/button"
import { sentence, type Pages } from "@/lib/api"

/** Loads the next page of a list. With a filter, notes that only loaded items are searched. */
export function LoadMore({ pages, label, isFiltered }: { pages: Pages<unknown>; label: string; isFiltered: boolean }) {
  if (!pages.hasMore) return null
  return (
    <div className="mt-6 flex flex-col items-center gap-2 text-center">
      {isFiltered && (
        <p className="text-xs text-muted-foreground">Only loaded items were searched. There are more.</p>
      )}
      {pages.error && (
        <p role="alert" className="text-sm text-destructive">
          {sentence(pages.error)}
        </p>
      )}
      <Button variant="outline" onClick={pages.loadMore} disabled={pages.isLoadingMore} aria-busy={pages.isLoadingMore}>
        {pages.isLoadingMore ? "Loading…" : pages.error ? "Try again" : label}
      </Button>
    </div>
  )
}

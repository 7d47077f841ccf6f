import { Button } from "@/components/ui/button"
import { sentence, type Pages } from "@/lib/api"

/** The next page of a list, where there is one. A search covers what has been loaded, and says so. */
export function LoadMore({ pages, label, isFiltered }: { pages: Pages<unknown>; label: string; isFiltered: boolean }) {
  if (!pages.hasMore) return null
  return (
    <div className="mt-6 flex flex-col items-center gap-2 text-center">
      {isFiltered && (
        <p className="text-xs text-muted-foreground">Only what is loaded has been searched. There is more.</p>
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

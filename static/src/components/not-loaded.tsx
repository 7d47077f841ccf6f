import { Link } from "react-router"

import { PageTitle } from "@/components/page"
import { ErrorState, NotFoundState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { isProblem, sentence } from "@/lib/api"
import { paths } from "@/lib/paths"

/** The page for a resource that does not exist or could not be loaded. */
export function NotLoaded({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  if (isProblem(error, "not-found", "gone", "malformed")) {
    return (
      <>
        <PageTitle>{`No such ${what}`}</PageTitle>
        <NotFoundState
          title={`This ${what} does not exist`}
          action={
            <Button asChild>
              <Link to={paths.dashboard}>Go to the dashboard</Link>
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
      <PageTitle>Not loaded</PageTitle>
      <ErrorState as="h1" title={`The ${what} could not be loaded`} onRetry={onRetry}>
        {sentence(error)}
      </ErrorState>
    </>
  )
}

import { Link } from "react-router"

import { PageTitle } from "@/components/page"
import { ErrorState, NotFoundState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { isProblem, sentence } from "@/lib/api"
import { paths } from "@/lib/paths"

/** A page whose one thing could not be loaded: there is none, or something went wrong and may be tried again. */
export function NotLoaded({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  if (isProblem(error, "not-found", "gone", "malformed")) {
    return (
      <>
        <PageTitle>{`No such ${what}`}</PageTitle>
        <NotFoundState
          title={`There is no such ${what}`}
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
      <PageTitle>Not loaded</PageTitle>
      <ErrorState as="h1" title={`The ${what} could not be loaded`} onRetry={onRetry}>
        {sentence(error)}
      </ErrorState>
    </>
  )
}

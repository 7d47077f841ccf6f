import { useEffect } from "react"
import { Link, isRouteErrorResponse, useRouteError } from "react-router"

import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { paths } from "@/lib/paths"

import { NotFoundPage } from "./not-found-page"

/** A page broke. Drafts are on this device, so loading it again loses nothing. */
export function ErrorPage() {
  const error = useRouteError()
  const isMissing = isRouteErrorResponse(error) && error.status === 404
  useEffect(() => {
    if (!isMissing) console.error(error)
  }, [error, isMissing])
  if (isMissing) return <NotFoundPage />

  const isLoad = error instanceof TypeError && /import|fetch|load/i.test(error.message)
  return (
    <div className="flex min-h-[70dvh] flex-1 flex-col items-center justify-center">
      <PageTitle>Something went wrong</PageTitle>
      <div className="flex-none">
        <ErrorState
          as="h1"
          title={isLoad ? "This page could not be loaded" : "Something went wrong"}
          onRetry={() => location.reload()}
          retryLabel="Load again"
        >
          {isLoad
            ? "The connection broke off, or a newer version of Persona was published while this page was open."
            : "The page ran into an error of its own. What you have saved is not affected."}
        </ErrorState>
      </div>
      <Button asChild variant="link">
        <Link to={paths.dashboard} reloadDocument>
          Go to the dashboard
        </Link>
      </Button>
    </div>
  )
}

import { useEffect } from "react"
import { Link, isRouteErrorResponse, useRouteError } from "react-router"

import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { paths } from "@/lib/paths"

import { NotFoundPage } from "./not-found-page"

/** Shown when a route fails to load or render. Drafts are stored on this device, so a reload keeps them. */
export function ErrorPage() {
  const error = useRouteError()
  const isMissing = isRouteErrorResponse(error) && error.status === 404
  useEffect(() => {
    if (!isMissing) console.error(error)
  }, [error, isMissing])
  if (isMissing) return <NotFoundPage />

  const isLoadError = error instanceof TypeError && /import|fetch|load/i.test(error.message)
  return (
    <div className="flex min-h-[70dvh] flex-1 flex-col items-center justify-center">
      <PageTitle>Something went wrong</PageTitle>
      <div className="flex-none">
        <ErrorState
          as="h1"
          title={isLoadError ? "This page could not be loaded" : "Something went wrong"}
          onRetry={() => location.reload()}
          retryLabel="Reload"
        >
          {isLoadError
            ? "The connection was lost, or a new version of Persona was published while this page was open."
            : "An unexpected error occurred. What you have saved is not affected."}
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

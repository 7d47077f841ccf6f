import { Link } from "react-router"

import { PageTitle } from "@/components/page"
import { NotFoundState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { paths } from "@/lib/paths"

import { PlainHeader } from "./header"

/** The page for unknown paths. It needs no session and does not load Clerk. */
export function NotFoundPage() {
  return (
    <div className="flex min-h-dvh flex-col">
      <PageTitle>Page not found</PageTitle>
      <PlainHeader />
      <main id="main" tabIndex={-1} className="flex flex-1 flex-col outline-none">
        <NotFoundState
          title="Page not found"
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Button asChild>
                <Link to={paths.dashboard}>Go to the dashboard</Link>
              </Button>
              <Button asChild variant="outline">
                <a href={paths.home}>Home page</a>
              </Button>
            </div>
          }
        >
          This page does not exist, or no longer exists.
        </NotFoundState>
      </main>
    </div>
  )
}

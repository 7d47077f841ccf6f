import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"

/** Shown when the server sent no Clerk configuration with the page. */
export function UnconfiguredPage() {
  return (
    <main id="main" tabIndex={-1} className="flex min-h-dvh flex-col">
      <PageTitle>Not configured</PageTitle>
      <ErrorState as="h1" title="Sign-in is not configured" onRetry={() => location.reload()}>
        The server sent no Clerk publishable key. The operator must set CLERK_PUBLISHABLE_KEY; see the README.
      </ErrorState>
    </main>
  )
}

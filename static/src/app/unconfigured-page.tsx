import { PageTitle } from "@/components/page"
import { ErrorState } from "@/components/states"

/** The server sent no sign-in configuration with the page: an operator's mistake, said plainly. */
export function UnconfiguredPage() {
  return (
    <main id="main" tabIndex={-1} className="flex min-h-dvh flex-col">
      <PageTitle>Not configured</PageTitle>
      <ErrorState as="h1" title="Sign-in is not configured" onRetry={() => location.reload()}>
        This server did not tell the page which Clerk application to use. Whoever runs it finds the setting as
        CLERK_PUBLISHABLE_KEY in the README.
      </ErrorState>
    </main>
  )
}

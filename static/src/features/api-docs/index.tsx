import { useAuth } from "@clerk/react"

import { PlainHeader } from "@/app/header"
import { PageTitle } from "@/components/page"
import { paths, signInPath } from "@/lib/paths"

import { Viewer } from "./viewer"

/** The page that shows the OpenAPI document and sends requests with the user's session. */
export default function ApiDocsPage() {
  const { isSignedIn } = useAuth()
  return (
    <div className="flex min-h-dvh flex-col">
      <PageTitle>API</PageTitle>
      <PlainHeader />
      <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl flex-1 px-4 py-8 outline-none sm:px-6">
        <h1 className="text-2xl font-semibold tracking-tight">API</h1>
        <p className="mt-2 text-muted-foreground">
          {isSignedIn ? (
            "Requests are sent with your session and can change your data."
          ) : (
            <>
              <a href={signInPath(paths.apiDocs)} className="text-foreground underline underline-offset-4">
                Sign in
              </a>{" "}
              to send requests from this page.
            </>
          )}{" "}
          The document itself is at{" "}
          <a href={paths.openApi} className="text-foreground underline underline-offset-4">
            {paths.openApi}
          </a>
          .
        </p>
        <Viewer />
      </main>
    </div>
  )
}

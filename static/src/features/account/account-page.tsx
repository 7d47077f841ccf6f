import { UserProfile } from "@clerk/react"

import { Page } from "@/components/page"
import { Skeleton } from "@/components/ui/skeleton"
import { paths } from "@/lib/paths"

/** Clerk's own pages for e-mail addresses, phone numbers, sessions and the deletion of the account. */
export default function AccountPage() {
  return (
    <Page title="Account">
      <h1 className="sr-only">Your account</h1>
      <UserProfile
        routing="path"
        path={paths.account}
        appearance={{ elements: { cardBox: { maxWidth: "100%", width: "100%" } } }}
        fallback={<Skeleton className="h-[32rem] w-full rounded-xl" />}
      />
    </Page>
  )
}

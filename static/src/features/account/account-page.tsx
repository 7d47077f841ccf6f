import { UserProfile } from "@clerk/react"
import { useMatch } from "react-router"

import { Page } from "@/components/page"
import { Skeleton } from "@/components/ui/skeleton"
import { paths } from "@/lib/paths"

import { SignOutEverywhere } from "./sign-out-everywhere"

/** Clerk's account pages, with "Sign out everywhere" below the security page. */
export default function AccountPage() {
  const isSecurity = useMatch(`${paths.account}/security/*`) !== null
  return (
    <Page title="Account">
      <h1 className="sr-only">Your account</h1>
      <UserProfile
        routing="path"
        path={paths.account}
        appearance={{ elements: { cardBox: { maxWidth: "100%", width: "100%", height: "auto", minHeight: "20rem" } } }}
        fallback={<Skeleton className="h-[26rem] w-full rounded-xl" />}
      />
      {isSecurity && <SignOutEverywhere />}
    </Page>
  )
}

/** The client for the person who is signed in. */
import { useAuth } from "@clerk/react"
import { useMemo, useRef } from "react"

import { ApiClient } from "./client"

export function useApi(): ApiClient {
  const { getToken } = useAuth()
  // Clerk may hand out a new function with every render; the client must not change with it.
  const latest = useRef(getToken)
  latest.current = getToken
  return useMemo(() => new ApiClient((options) => latest.current(options)), [])
}

/** Whose drafts these are. Stays the same when the session ends while a page is open. */
export function useUserId(): string {
  const { userId } = useAuth()
  const last = useRef("")
  if (userId) last.current = userId
  return last.current
}

/** The API client of the signed-in user. */
import { useAuth } from "@clerk/react"
import { useMemo, useRef } from "react"

import { ApiClient } from "./client"

export function useApi(): ApiClient {
  const { getToken } = useAuth()
  // Clerk may return a new function at every render; the client must stay the same.
  const latest = useRef(getToken)
  latest.current = getToken
  return useMemo(() => new ApiClient((options) => latest.current(options)), [])
}

/** The user id for draft keys. Stays the same when the session ends while a page is open. */
export function useUserId(): string {
  const { userId } = useAuth()
  const last = useRef("")
  if (userId) last.current = userId
  return last.current
}

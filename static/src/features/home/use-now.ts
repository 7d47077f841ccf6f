import { useEffect, useState } from "react"

/** The time, at most a minute old, so that "5 minutes ago" does not stay that for ever. */
export function useNow() {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}

import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react"

import { isAbort, sentence } from "@/lib/api"

interface Earlier {
  /** An element above the first message. Earlier messages are loaded when it becomes visible. */
  sentinel: RefObject<HTMLDivElement | null>
  isLoading: boolean
  error: string | null
  load: () => void
}

/** Loads earlier messages when the user scrolls up, and keeps the scroll position. */
export function useEarlier(
  scroller: RefObject<HTMLDivElement | null>,
  options: { hasEarlier: boolean; firstId: string | undefined; read: () => Promise<void> },
): Earlier {
  const { hasEarlier, firstId, read } = options
  const sentinel = useRef<HTMLDivElement>(null)
  const fromEnd = useRef<number | null>(null)
  const [isLoading, setIsLoading] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const busy = useRef(false)

  const load = useCallback(async () => {
    const box = scroller.current
    if (!box || busy.current) return
    busy.current = true
    setIsLoading(true)
    setError(null)
    try {
      fromEnd.current = box.scrollHeight - box.scrollTop
      await read()
    } catch (reason) {
      fromEnd.current = null
      if (!isAbort(reason)) setError(sentence(reason))
    } finally {
      busy.current = false
      setIsLoading(false)
    }
  }, [read, scroller])

  useLayoutEffect(() => {
    const box = scroller.current
    if (box && fromEnd.current !== null) box.scrollTop = box.scrollHeight - fromEnd.current
    fromEnd.current = null
  }, [firstId, scroller])

  useEffect(() => {
    const mark = sentinel.current
    if (!mark || !hasEarlier || error !== null) return
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && void load(), {
      root: scroller.current,
      rootMargin: "300px 0px 0px",
    })
    observer.observe(mark)
    return () => observer.disconnect()
    // The sentinel may still be visible after a short page, so a new first message restarts the observer.
  }, [error, firstId, hasEarlier, load, scroller])

  return { sentinel, isLoading, error, load: () => void load() }
}

import { useCallback, useEffect, useRef } from "react"
import type { UseFormReturn } from "react-hook-form"

import type { PersonaFields } from "./fields"

const PAUSE_MS = 400

/** Calls `keep` shortly after the last change, and at once when the page is hidden or left. */
export function useKeeping(form: UseFormReturn<PersonaFields>, keep: () => void, onTyped: () => void): { settle: () => void } {
  const typed = useRef(onTyped)
  typed.current = onTyped
  const pending = useRef<ReturnType<typeof setTimeout> | null>(null)

  /** Cancels a pending save. */
  const settle = useCallback(() => {
    if (pending.current) clearTimeout(pending.current)
    pending.current = null
  }, [])

  useEffect(() => {
    const flush = () => {
      if (!pending.current) return
      settle()
      keep()
    }
    const unsubscribe = form.subscribe({
      formState: { values: true },
      callback: () => {
        typed.current()
        settle()
        pending.current = setTimeout(flush, PAUSE_MS)
      },
    })
    const hidden = () => document.visibilityState === "hidden" && flush()
    document.addEventListener("visibilitychange", hidden)
    window.addEventListener("pagehide", flush)
    return () => {
      unsubscribe()
      document.removeEventListener("visibilitychange", hidden)
      window.removeEventListener("pagehide", flush)
      flush()
    }
  }, [form, keep, settle])

  return { settle }
}

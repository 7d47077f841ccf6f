import { useCallback, useEffect, useRef, useState } from "react"

import { drafts, isText } from "@/lib/drafts"

const PAUSE_MS = 250

/** A text that is stored as a draft while it is typed. An empty text removes the draft. */
export function useTextDraft(key: string): [text: string, setText: (text: string) => void] {
  const [text, setShown] = useState(() => drafts.read(key, isText)?.value ?? "")
  const unsaved = useRef<string | null>(null)

  const save = useCallback(() => {
    const value = unsaved.current
    unsaved.current = null
    if (value === "") drafts.remove(key)
    else if (value !== null) drafts.write(key, value)
  }, [key])

  useEffect(() => {
    const timer = setTimeout(save, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [save, text])

  useEffect(() => {
    // Mobile browsers may discard a hidden page without another event.
    const leave = () => document.visibilityState === "hidden" && save()
    document.addEventListener("visibilitychange", leave)
    window.addEventListener("pagehide", save)
    return () => {
      document.removeEventListener("visibilitychange", leave)
      window.removeEventListener("pagehide", save)
      save()
    }
  }, [save])

  const setText = useCallback(
    (value: string) => {
      unsaved.current = value
      if (value === "") save()
      setShown(value)
    },
    [save],
  )
  return [text, setText]
}

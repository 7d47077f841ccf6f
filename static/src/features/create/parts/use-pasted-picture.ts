import { useEffect, useRef } from "react"

/** Handles pictures pasted anywhere on the page. Pasted text goes into the focused input, even if it comes with a picture. */
export function usePastedPicture(take: (file: File) => void): void {
  const latest = useRef(take)
  latest.current = take
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const data = event.clipboardData
      const picture = [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"))
      const isText = data?.types.includes("text/plain") === true && event.target instanceof Element && event.target.matches("input, textarea")
      if (!picture || isText) return
      event.preventDefault()
      latest.current(picture)
    }
    document.addEventListener("paste", onPaste)
    return () => document.removeEventListener("paste", onPaste)
  }, [])
}

import { useEffect } from "react"

/** A picture dropped beside its field would make the browser leave the page for it. */
export function useNoStrayDrop(): void {
  useEffect(() => {
    const hold = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes("Files")) event.preventDefault()
    }
    window.addEventListener("dragover", hold)
    window.addEventListener("drop", hold)
    return () => {
      window.removeEventListener("dragover", hold)
      window.removeEventListener("drop", hold)
    }
  }, [])
}

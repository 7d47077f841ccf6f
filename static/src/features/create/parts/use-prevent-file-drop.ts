import { useEffect } from "react"

/** Prevents the browser from opening a picture that is dropped outside of its field. */
export function usePreventFileDrop(): void {
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

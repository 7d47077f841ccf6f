import { useSyncExternalStore } from "react"

/**
 * How many pixels of the page an on-screen keyboard covers. Zero where the browser shrinks the page
 * itself (`interactive-widget=resizes-content`); iOS lays the keyboard over it.
 */
export function useKeyboardInset(): number {
  return useSyncExternalStore(subscribe, read, () => 0)
}

function subscribe(changed: () => void): () => void {
  const view = window.visualViewport
  view?.addEventListener("resize", changed)
  view?.addEventListener("scroll", changed)
  return () => {
    view?.removeEventListener("resize", changed)
    view?.removeEventListener("scroll", changed)
  }
}

function read(): number {
  const view = window.visualViewport
  // A pinch zoom shrinks the viewport too, and is none of our business.
  if (!view || view.scale > 1.01) return 0
  return Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop))
}

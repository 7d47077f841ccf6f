import { useSyncExternalStore } from "react"

/**
 * The height of the page that an on-screen keyboard covers, in pixels. Zero if the browser resizes the page
 * (`interactive-widget=resizes-content`); on iOS the keyboard covers it.
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
  // A pinch zoom shrinks the viewport too.
  if (!view || view.scale > 1.01) return 0
  return Math.max(0, Math.round(window.innerHeight - view.height - view.offsetTop))
}

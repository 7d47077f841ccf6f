import { useSyncExternalStore } from "react"

/** The chosen theme; `system` follows the device. `public/theme.js` applies it before the first paint. */
export type Theme = "light" | "dark" | "system"

const KEY = "persona-theme"
const listeners = new Set<() => void>()
const device = () => matchMedia("(prefers-color-scheme: dark)")
// The choice while storage is disabled.
let unsaved: Theme = "system"

function chosen(): Theme {
  try {
    const saved = localStorage.getItem(KEY)
    return saved === "light" || saved === "dark" ? saved : "system"
  } catch {
    return unsaved
  }
}

function shown(): "light" | "dark" {
  const theme = chosen()
  return theme === "system" ? (device().matches ? "dark" : "light") : theme
}

function refresh() {
  document.documentElement.classList.toggle("dark", shown() === "dark")
  for (const listener of listeners) listener()
}

/** Sets the theme in all open tabs. */
export function setTheme(theme: Theme) {
  unsaved = theme
  try {
    if (theme === "system") localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, theme)
  } catch {
    // Storage is disabled: the choice applies to this page only.
  }
  refresh()
}

function subscribe(listener: () => void) {
  if (listeners.size === 0) {
    device().addEventListener("change", refresh)
    addEventListener("storage", refresh)
  }
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    device().removeEventListener("change", refresh)
    removeEventListener("storage", refresh)
  }
}

/** The chosen theme and the resolved one. */
export function useTheme() {
  return {
    theme: useSyncExternalStore(subscribe, chosen),
    shown: useSyncExternalStore(subscribe, shown),
  }
}

import { WifiOffIcon } from "lucide-react"
import { useSyncExternalStore } from "react"

function subscribe(changed: () => void): () => void {
  window.addEventListener("online", changed)
  window.addEventListener("offline", changed)
  return () => {
    window.removeEventListener("online", changed)
    window.removeEventListener("offline", changed)
  }
}

/** A notice while the browser is offline. */
export function OfflineNotice() {
  const isOnline = useSyncExternalStore(subscribe, () => navigator.onLine, () => true)
  if (isOnline) return null
  return (
    <p role="status" className="mx-auto flex w-full max-w-3xl items-center gap-2 px-4 pb-2 text-sm text-muted-foreground sm:px-6">
      <WifiOffIcon aria-hidden className="size-4 shrink-0" />
      You are offline. Your text is stored on this device. You can send it when you are online again.
    </p>
  )
}

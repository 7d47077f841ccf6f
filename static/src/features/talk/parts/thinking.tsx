import type { Phase } from "../model/state"

/** The status of a running reply, before its text begins or while the connection is lost. */
export function Thinking({ name, phase, isConnected, isBare }: { name: string; phase: Phase; isConnected: boolean; isBare: boolean }) {
  const text = label(name, phase, isConnected)
  if (!isBare && phase === "writing" && isConnected) return <span aria-hidden className="mt-1 inline-block h-4 w-1.5 animate-pulse rounded-sm bg-primary/70" />
  return (
    <p className="flex min-h-8 items-center gap-2.5 text-sm text-muted-foreground">
      <span aria-hidden className="flex gap-1">
        {[0, 150, 300].map((delay) => (
          <span key={delay} style={{ animationDelay: `${delay}ms` }} className="size-1.5 animate-bounce rounded-full bg-primary/70" />
        ))}
      </span>
      {text}
    </p>
  )
}

function label(name: string, phase: Phase, isConnected: boolean): string {
  if (phase === "stopping") return "Stopping…"
  if (!isConnected) return "Connection lost. Reconnecting…"
  return `${name} is ${phase === "writing" ? "writing" : "thinking"}…`
}

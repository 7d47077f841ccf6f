import type { CSSProperties } from "react"

import { cn } from "@/lib/utils"

type Line = { from: "mira" | "you"; text: string }

const LINES: Line[] = [
  { from: "mira", text: "*wipes oil from her hands* The lamp is lit and the kettle is on. You walked all this way in the storm?" },
  { from: "you", text: "I saw your light from the ridge. How long have you kept it?" },
  {
    from: "mira",
    text: "Thirty-one winters. The ships stopped coming after the ninth. I keep it for the ones who are lost on land.",
  },
  { from: "you", text: "And tonight?" },
  { from: "mira", text: "*slides a cup across the table* Tonight I lit it for you. Sit. Tell me what you are running from." },
]

const WORD_MS = 90
const PAUSE_MS = 900

/** The start time of each line: after the end of the line before it. */
const starts = LINES.reduce<number[]>((times, line, i) => {
  const before = LINES[i - 1]
  const end = before ? (times[i - 1] ?? 0) + (before.from === "mira" ? before.text.split(" ").length * WORD_MS : 0) : 0
  return [...times, end + PAUSE_MS * (line.from === "you" ? 1.2 : 0.8)]
}, [])

/** An example conversation that appears word by word. Animated with CSS only. */
export function ConversationPreview({ className }: { className?: string }) {
  return (
    <figure className={cn("preview min-w-0 rounded-2xl border bg-card p-5 text-left shadow-soft sm:p-6", className)}>
      <figcaption className="flex items-center gap-3 border-b pb-4">
        <span
          aria-hidden
          style={{ "--hue": 60 } as CSSProperties}
          className="grid size-10 place-items-center rounded-full bg-linear-135 from-[oklch(0.86_0.07_var(--hue))] to-[oklch(0.74_0.1_calc(var(--hue)+40))] text-sm font-semibold text-[oklch(0.3_0.07_var(--hue))] dark:from-[oklch(0.46_0.07_var(--hue))] dark:to-[oklch(0.34_0.07_calc(var(--hue)+40))] dark:text-[oklch(0.94_0.03_var(--hue))]"
        >
          M
        </span>
        <span className="min-w-0 flex-1">
          <span className="block font-medium">Mira</span>
          <span className="block truncate text-sm text-muted-foreground">Keeps a lighthouse nobody needs</span>
        </span>
        <span className="shrink-0 rounded-full border px-2 py-0.5 text-xs text-muted-foreground">Example</span>
      </figcaption>
      <div className="mt-5 space-y-4 text-[0.9375rem] leading-relaxed">
        {LINES.map((line, i) => (
          <Bubble key={line.text} line={line} start={starts[i] ?? 0} />
        ))}
      </div>
    </figure>
  )
}

function Bubble({ line, start }: { line: Line; start: number }) {
  if (line.from === "you") {
    return (
      <p className="preview-line flex justify-end" style={{ "--at": `${start}ms` } as CSSProperties}>
        <span className="max-w-[85%] rounded-2xl rounded-br-md bg-primary px-4 py-2 text-primary-foreground">
          <span className="sr-only">You: </span>
          {line.text}
        </span>
      </p>
    )
  }
  let emphasised = false
  return (
    <p className="max-w-[92%]">
      <span className="sr-only">Mira: </span>
      {line.text.split(" ").map((word, i) => {
        const opens = word.startsWith("*")
        const isEmphasised = emphasised || opens
        emphasised = isEmphasised && !word.endsWith("*")
        return (
          <span
            key={i}
            className={cn("preview-word", isEmphasised && "text-muted-foreground italic")}
            style={{ "--at": `${start + i * WORD_MS}ms` } as CSSProperties}
          >
            {word.replaceAll("*", "")}{" "}
          </span>
        )
      })}
    </p>
  )
}

import { ChevronRightIcon } from "lucide-react"

/** The model's reasoning: expanded until the reply has text, then collapsed. */
export function Reasoning({ text, isOpenWhile }: { text: string; isOpenWhile: boolean }) {
  return (
    <details key={String(isOpenWhile)} open={isOpenWhile} className="group/reasoning mb-2 text-sm text-muted-foreground">
      <summary className="flex w-fit cursor-pointer list-none items-center gap-1 rounded-md py-1 outline-none hover:text-foreground focus-visible:ring-[3px] focus-visible:ring-ring/50">
        <ChevronRightIcon aria-hidden className="size-4 transition-transform group-open/reasoning:rotate-90" />
        Reasoning
      </summary>
      <div className="mt-1 max-h-64 overflow-y-auto border-l-2 pl-3 text-[0.8125rem]/relaxed break-words whitespace-pre-wrap">{text}</div>
    </details>
  )
}

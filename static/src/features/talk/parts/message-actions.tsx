import { CheckIcon, CopyIcon, RefreshCwIcon } from "lucide-react"
import { useEffect, useState } from "react"
import { toast } from "sonner"

import { Button } from "@/components/ui/button"
import { Tooltip, TooltipContent, TooltipTrigger } from "@/components/ui/tooltip"
import { cn } from "@/lib/utils"

/** Hidden until its message is hovered or focused, on devices with a fine pointer. */
const quiet = "pointer-fine:opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 focus-visible:opacity-100"

export function CopyButton({ text, alwaysShown = false }: { text: string; alwaysShown?: boolean }) {
  const [isCopied, setIsCopied] = useState(false)
  useEffect(() => {
    if (!isCopied) return
    const timer = setTimeout(() => setIsCopied(false), 2_000)
    return () => clearTimeout(timer)
  }, [isCopied])

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setIsCopied(true)
    } catch {
      toast.error("The browser blocked copying.")
    }
  }
  return (
    <Tooltip>
      <TooltipTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={isCopied ? "Copied" : "Copy message"}
          className={cn("size-7 text-muted-foreground [&_svg]:size-3.5!", !alwaysShown && quiet)}
          onClick={() => void copy()}
        >
          {isCopied ? <CheckIcon /> : <CopyIcon />}
        </Button>
      </TooltipTrigger>
      <TooltipContent>{isCopied ? "Copied" : "Copy"}</TooltipContent>
    </Tooltip>
  )
}

export function RetryButton({ onClick }: { onClick: () => void }) {
  return (
    <Tooltip>
      <TooltipTrigger asChild>
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label="Write another reply"
          className="size-7 text-muted-foreground [&_svg]:size-3.5!"
          onClick={onClick}
        >
          <RefreshCwIcon />
        </Button>
      </TooltipTrigger>
      <TooltipContent>Write another reply</TooltipContent>
    </Tooltip>
  )
}

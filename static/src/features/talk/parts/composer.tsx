import { ArrowUpIcon, SquareIcon } from "lucide-react"
import { useEffect, useId, useRef, type KeyboardEvent } from "react"

import { Button } from "@/components/ui/button"
import { useUserId } from "@/lib/api"
import { drafts } from "@/lib/drafts"
import { codePoints } from "@/lib/text"
import { cn } from "@/lib/utils"
import { MESSAGE_CHARS_MAX } from "@/lib/wire"

import type { Talk } from "../model/use-talk"
import { useTextDraft } from "./use-text-draft"

/** The length from which the character count is shown. */
const NEARLY_FULL = MESSAGE_CHARS_MAX * 0.9

const isCoarse = () => window.matchMedia("(pointer: coarse)").matches

/** The message input. Its text is stored as a draft until it is sent. */
export function Composer({ talk }: { talk: Talk }) {
  const { state } = talk
  const { persona, reply } = state
  const [text, setText] = useTextDraft(drafts.key(useUserId(), "talk", state.id))
  const box = useRef<HTMLTextAreaElement>(null)
  const noteId = useId()
  useReturnedText(talk, text, setText, box)

  useEffect(() => {
    if (!isCoarse()) box.current?.focus({ preventScroll: true })
  }, [])

  // Counts code points only near the limit, because it is slow for long texts.
  const length = text.length > NEARLY_FULL ? codePoints(text) : text.length
  const isTooLong = length > MESSAGE_CHARS_MAX
  const hasUnsent = state.messages.some((message) => message.delivery === "unsent")
  const canSend = text.trim() !== "" && !isTooLong && !reply && !persona.deleted && !hasUnsent

  const send = () => {
    if (!canSend) return
    talk.send(text)
    setText("")
    box.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // During IME composition Enter selects a candidate.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing || isCoarse()) return
    event.preventDefault()
    send()
  }

  const note = persona.deleted
    ? `${persona.name} was deleted. You can read this conversation, but not continue it.`
    : hasUnsent
      ? "Your last message was not sent. Retry or edit it first."
      : null
  return (
    <form
      className="mx-auto w-full max-w-3xl px-3 pb-[max(0.625rem,env(safe-area-inset-bottom))] sm:px-6"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div
        className={cn(
          "flex items-end gap-2 rounded-2xl border border-input bg-card p-1.5 pl-4 shadow-soft transition-[border-color,box-shadow] focus-within:border-ring focus-within:ring-[3px] focus-within:ring-ring/30",
          isTooLong && "border-destructive",
          persona.deleted && "bg-muted shadow-none",
        )}
      >
        <textarea
          ref={box}
          rows={1}
          value={text}
          readOnly={persona.deleted}
          aria-label={`Message to ${persona.name}`}
          aria-describedby={noteId}
          aria-invalid={isTooLong}
          enterKeyHint={isCoarse() ? "enter" : "send"}
          placeholder={persona.deleted ? "This persona was deleted" : `Message ${persona.name}`}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          className="field-sizing-content max-h-[min(40dvh,16rem)] min-h-9 flex-1 resize-none bg-transparent py-1.5 text-base/6 outline-none placeholder:text-muted-foreground md:text-[0.9375rem]/6"
        />
        {reply ? (
          <Button
            type="button"
            size="icon"
            variant="secondary"
            aria-label="Stop the reply"
            title="Stop (Esc)"
            disabled={reply.phase === "stopping"}
            className="rounded-xl"
            onClick={talk.stop}
          >
            <SquareIcon className="size-3.5 fill-current" />
          </Button>
        ) : (
          <Button type="submit" size="icon" aria-label="Send" title="Send (Enter)" disabled={!canSend} className="rounded-xl">
            <ArrowUpIcon />
          </Button>
        )}
      </div>
      <div id={noteId} className="flex min-h-7 items-center justify-between gap-3 px-1 pt-1.5 text-xs text-muted-foreground">
        <span>{note ?? "You are talking to an AI persona. What it says is made up."}</span>
        {length > NEARLY_FULL && (
          <span className={cn("shrink-0 tabular-nums", isTooLong && "font-medium text-destructive")}>
            {length.toLocaleString("en")} / {MESSAGE_CHARS_MAX.toLocaleString("en")}
          </span>
        )}
      </div>
    </form>
  )
}

/** Inserts the text of a rejected message before the current text. */
function useReturnedText(talk: Talk, text: string, setText: (text: string) => void, box: React.RefObject<HTMLTextAreaElement | null>) {
  const { returned } = talk.state
  const { returnedTaken } = talk
  useEffect(() => {
    if (!returned) return
    setText(text.trim() === "" ? returned.text : `${returned.text}\n\n${text}`)
    returnedTaken(returned.key)
    box.current?.focus()
  }, [returned, returnedTaken, setText, text, box])
}

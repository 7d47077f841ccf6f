import { CheckCircle2Icon, CopyIcon, HistoryIcon, MessageCircleIcon, TriangleAlertIcon } from "lucide-react"
import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"
import { relativeTime } from "@/lib/time"

import type { Editor } from "../model/use-editor"
import type { Save } from "../model/use-save"
import { useSaveAsNew } from "./use-save-as-new"

/** Notices above the editor: deleted persona, restored draft, kept copy. */
export function EditorNotices({ editor, saving }: { editor: Editor; saving: Save }) {
  const makeNew = useSaveAsNew(editor)
  const { notice } = editor
  return (
    <div className="mx-auto w-full max-w-4xl space-y-2 px-4 pb-2.5 empty:hidden sm:px-6">
      {saving.isGone && (
        <Notice icon={<TriangleAlertIcon />} text="This persona was deleted meanwhile. Your changes are still here.">
          <Button type="button" size="sm" variant="outline" onClick={makeNew}>
            Save as a new persona
          </Button>
        </Notice>
      )}
      {notice?.kind === "restored" && (
        <Notice icon={<HistoryIcon />} text={`Restored your unsaved changes from ${relativeTime(new Date(notice.savedAt).toISOString(), Date.now())}.`}>
          <Button type="button" size="sm" variant="outline" onClick={editor.discard}>
            Discard
          </Button>
        </Notice>
      )}
      {notice?.kind === "copy" && (
        <Notice icon={<CopyIcon />} text="Your version was kept.">
          <Button type="button" size="sm" variant="ghost" onClick={editor.dropCopy}>
            Discard
          </Button>
          <Button type="button" size="sm" variant="outline" onClick={editor.restoreCopy}>
            Restore
          </Button>
        </Notice>
      )}
    </div>
  )
}

/** Shown after a persona is created. */
export function CreatedNotice({ name, onTalk }: { name: string; onTalk: () => void }) {
  return (
    <div className="pt-5">
      <Notice icon={<CheckCircle2Icon className="text-primary" />} text={`${name} is ready. Say hello, or continue editing below.`} isProminent>
        <Button type="button" onClick={onTalk}>
          <MessageCircleIcon />
          Talk to {name.length > 24 ? "it" : name}
        </Button>
      </Notice>
    </div>
  )
}

function Notice({ icon, text, children, isProminent = false }: { icon: ReactNode; text: string; children: ReactNode; isProminent?: boolean }) {
  return (
    <div
      role="status"
      className={`flex flex-wrap items-center gap-x-4 gap-y-2.5 rounded-lg border px-3.5 py-2.5 text-sm ${isProminent ? "border-primary/30 bg-primary/8" : "bg-muted/50"}`}
    >
      <span className="flex min-w-0 flex-1 basis-52 items-center gap-2.5 [&>svg]:size-4 [&>svg]:shrink-0">
        {icon}
        <span className="break-words">{text}</span>
      </span>
      <span className="flex flex-wrap gap-2">{children}</span>
    </div>
  )
}

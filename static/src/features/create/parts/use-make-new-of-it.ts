import { useNavigate } from "react-router"

import { newId, useUserId } from "@/lib/api"
import { drafts } from "@/lib/drafts"
import { paths } from "@/lib/paths"

import type { Editor, EditorDraft } from "../model/use-editor"

/** Takes what is on the screen to the page of a new persona. */
export function useMakeNewOfIt(editor: Editor): () => void {
  const userId = useUserId()
  const navigate = useNavigate()
  return () => {
    drafts.write<EditorDraft>(drafts.key(userId, "persona", "new"), editor.draftOf(newId(), null))
    void navigate(paths.newPersona)
  }
}

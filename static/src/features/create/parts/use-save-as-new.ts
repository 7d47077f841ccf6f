import { useNavigate } from "react-router"

import { newId, useUserId } from "@/lib/api"
import { drafts } from "@/lib/drafts"
import { paths } from "@/lib/paths"

import type { Editor, EditorDraft } from "../model/use-editor"

/** Opens the editor of a new persona with the form's content. */
export function useSaveAsNew(editor: Editor): () => void {
  const userId = useUserId()
  const navigate = useNavigate()
  return () => {
    drafts.write<EditorDraft>(drafts.key(userId, "persona", "new"), editor.draftOf(newId(), null))
    void navigate(paths.newPersona)
  }
}

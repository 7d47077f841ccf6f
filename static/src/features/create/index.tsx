import { useParams } from "react-router"

import { NotLoaded } from "@/components/not-loaded"
import { usePersona } from "@/lib/api"

import { PersonaEditor } from "./persona-editor"
import { EditorSkeleton } from "./parts/editor-skeleton"

/** The editor of a new persona or of the one in the path. */
export default function PersonaEditorPage() {
  const { id } = useParams()
  return id === undefined ? <PersonaEditor persona={null} /> : <StoredPersona key={id} id={id} />
}

function StoredPersona({ id }: { id: string }) {
  const persona = usePersona(id)
  if (persona.data) return <PersonaEditor persona={persona.data} />
  if (persona.isPending) return <EditorSkeleton />
  return <NotLoaded what="persona" error={persona.error} onRetry={() => void persona.refetch()} />
}

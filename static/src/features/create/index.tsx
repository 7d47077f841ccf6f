import { Link, useParams } from "react-router"

import { PageTitle } from "@/components/page"
import { ErrorState, NotFoundState } from "@/components/states"
import { Button } from "@/components/ui/button"
import { isProblem, sentence, usePersona } from "@/lib/api"
import { paths } from "@/lib/paths"

import { PersonaEditor } from "./persona-editor"
import { EditorSkeleton } from "./parts/editor-skeleton"

/** The editor: of a new persona, or of the one in the address. */
export default function PersonaEditorPage() {
  const { id } = useParams()
  return id === undefined ? <PersonaEditor persona={null} /> : <StoredPersona key={id} id={id} />
}

function StoredPersona({ id }: { id: string }) {
  const persona = usePersona(id)
  if (persona.data) return <PersonaEditor persona={persona.data} />
  if (persona.isPending) return <EditorSkeleton />
  if (isProblem(persona.error, "not-found", "gone", "malformed")) {
    return (
      <>
        <PageTitle>No such persona</PageTitle>
        <NotFoundState
          title="There is no such persona"
          action={
            <Button asChild>
              <Link to={paths.dashboard}>To the dashboard</Link>
            </Button>
          }
        >
          It may have been deleted, or the address may be mistyped.
        </NotFoundState>
      </>
    )
  }
  return (
    <>
      <PageTitle>Persona</PageTitle>
      <ErrorState title="The persona could not be loaded" onRetry={() => void persona.refetch()}>
        {sentence(persona.error)}
      </ErrorState>
    </>
  )
}

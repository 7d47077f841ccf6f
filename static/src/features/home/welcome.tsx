import { MessagesSquareIcon, PlusIcon, QuoteIcon, UserRoundPenIcon } from "lucide-react"
import { Link } from "react-router"

import { Button } from "@/components/ui/button"
import { paths } from "@/lib/paths"

const STEPS = [
  [UserRoundPenIcon, "Give it a name", "Everything else can wait: who it is, how it speaks, what it knows."],
  [QuoteIcon, "Let it speak first", "A greeting sets the scene and the tone of the conversation."],
  [MessagesSquareIcon, "Talk", "Answers come in word by word. Stop, ask again, come back tomorrow."],
] as const

/** The dashboard without personas. */
export function Welcome({ name }: { name: string }) {
  return (
    <div className="mx-auto max-w-3xl py-6 text-center sm:py-14">
      <h1 className="text-4xl font-semibold tracking-tight text-balance sm:text-5xl">
        {name ? `Hello, ${name}. ` : "Hello. "}Whom would you like to meet?
      </h1>
      <p className="mx-auto mt-5 max-w-xl text-lg text-muted-foreground">
        Your personas and conversations will appear here. Create your first persona to start.
      </p>
      <Button asChild size="lg" className="mt-8">
        <Link to={paths.newPersona}>
          <PlusIcon />
          Create your first persona
        </Link>
      </Button>
      <ol className="mt-14 grid gap-4 text-left sm:grid-cols-3">
        {STEPS.map(([Icon, title, text]) => (
          <li key={title} className="rounded-xl border bg-card p-5">
            <span className="grid size-9 place-items-center rounded-lg bg-accent text-accent-foreground">
              <Icon aria-hidden className="size-4.5" />
            </span>
            <h2 className="mt-4 font-medium">{title}</h2>
            <p className="mt-1 text-sm text-muted-foreground">{text}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}

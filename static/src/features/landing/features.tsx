import { BookOpenTextIcon, LockKeyholeIcon, RefreshCwIcon, SquareIcon, type LucideIcon } from "lucide-react"
import type { ReactNode } from "react"

/** The features of the product, with illustrations. */
export function Features() {
  return (
    <section aria-labelledby="features" className="mx-auto max-w-6xl px-4 py-16 sm:px-6">
      <h2 id="features" className="max-w-2xl text-3xl font-semibold tracking-tight sm:text-4xl">
        Made for long conversations with characters that are yours
      </h2>
      <div className="mt-12 grid gap-4 md:grid-cols-6">
        <Tile
          className="md:col-span-4"
          title="A character is more than a prompt"
          text="Description, personality, scenario, example dialogue, a greeting: each has its place, and only the name is required. {{char}} and {{user}} are filled in as you talk."
        >
          <EditorPicture />
        </Tile>
        <Tile
          className="md:col-span-2"
          title="Word by word"
          text="Answers appear as they are written. Press stop, and what you have read stays."
        >
          <StreamPicture />
        </Tile>
        <Tile
          className="md:col-span-2"
          icon={RefreshCwIcon}
          title="Close the tab, keep the reply"
          text="A reply goes on when you leave. Come back on this device or another and find all of it."
        />
        <Tile
          className="md:col-span-2"
          icon={BookOpenTextIcon}
          title="Start over, keep the past"
          text="Have as many conversations with a persona as you like. Each remembers its own course."
        />
        <Tile
          className="md:col-span-2"
          icon={LockKeyholeIcon}
          title="Yours alone"
          text="Personas and conversations belong to your account. Nothing is published, nobody else sees them."
        />
      </div>
    </section>
  )
}

function Tile({
  title,
  text,
  icon: Icon,
  className = "",
  children,
}: {
  title: string
  text: string
  icon?: LucideIcon
  className?: string
  children?: ReactNode
}) {
  return (
    <article
      className={`flex flex-col overflow-hidden rounded-2xl border bg-card ${children ? "md:row-span-2 md:grid md:grid-rows-subgrid md:gap-0" : ""} ${className}`}
    >
      {children && (
        <div aria-hidden className="flex min-h-56 flex-col justify-center border-b bg-muted/50 p-6 select-none">
          {children}
        </div>
      )}
      <div className="p-6">
        {Icon && (
          <span className="mb-5 grid size-10 place-items-center rounded-lg bg-accent text-accent-foreground">
            <Icon aria-hidden className="size-5" />
          </span>
        )}
        <h3 className="text-lg font-semibold tracking-tight">{title}</h3>
        <p className="mt-2 leading-relaxed text-muted-foreground">{text}</p>
      </div>
    </article>
  )
}

function EditorPicture() {
  return (
    <div className="mx-auto grid w-full max-w-lg gap-3 text-sm sm:grid-cols-2">
      <PictureField label="Name" value="Mira" />
      <PictureField label="Tagline" value="Keeps a lighthouse nobody needs" />
      <div className="sm:col-span-2">
        <PictureField label="Personality" value="Dry, patient, generous with tea. Never asks a question twice." />
      </div>
      <div className="sm:col-span-2">
        <PictureField
          label="Greeting"
          value={
            <>
              The lamp is lit and the kettle is on. You walked all this way in the storm,{" "}
              <span className="rounded bg-primary/15 px-1 font-medium text-primary">{"{{user}}"}</span>?
            </>
          }
        />
      </div>
    </div>
  )
}

function PictureField({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div className="h-full rounded-lg border bg-card px-3.5 py-2.5 shadow-xs">
      <div className="text-xs font-medium text-muted-foreground">{label}</div>
      <div className="mt-0.5">{value}</div>
    </div>
  )
}

function StreamPicture() {
  return (
    <div className="text-sm leading-relaxed">
      <p>
        Nobody comes for the light. They come because somebody is awake
        <span className="caret" />
      </p>
      <div className="mt-5 inline-flex items-center gap-2 rounded-full border bg-card px-3 py-1.5 text-xs font-medium shadow-xs">
        <SquareIcon className="size-3 fill-current" />
        Stop
      </div>
    </div>
  )
}

const STEPS = [
  [
    "Write",
    "Give your persona a name, and as much of a life as you like: a page of history or a single line. Add a picture if you have one.",
  ],
  [
    "Meet",
    "Open a conversation. Your persona speaks first, with the greeting you wrote, in the place you put it.",
  ],
  [
    "Talk",
    "Ask, argue, wander off. If an answer breaks off or misses the point, go on from there or ask for another.",
  ],
] as const

export function Steps() {
  return (
    <section id="how" aria-labelledby="how-title" className="mx-auto max-w-6xl scroll-mt-8 px-4 pt-20 sm:px-6 sm:pt-28">
      <h2 id="how-title" className="text-3xl font-semibold tracking-tight sm:text-4xl">
        Three steps, no manual
      </h2>
      <ol className="mt-12 grid gap-10 md:grid-cols-3">
        {STEPS.map(([title, text], i) => (
          <li key={title} className="border-t-2 border-primary/70 pt-6">
            <span className="text-sm font-medium text-primary tabular-nums">{i + 1}</span>
            <h3 className="mt-2 text-xl font-semibold tracking-tight">{title}</h3>
            <p className="mt-2 leading-relaxed text-muted-foreground">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

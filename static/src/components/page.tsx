import type { ReactNode } from "react"

/** Sets the tab's title. Every page renders exactly one. */
export function PageTitle({ children }: { children: string }) {
  return <title>{`${children} · Persona`}</title>
}

/** The column layout of ordinary pages. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-8 sm:px-6 sm:py-12">
      <PageTitle>{title}</PageTitle>
      {children}
    </div>
  )
}

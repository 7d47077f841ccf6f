import type { ReactNode } from "react"

export function Macro({ children }: { children: ReactNode }) {
  return <code className="rounded bg-muted px-1 py-0.5 font-mono text-[0.85em] whitespace-nowrap">{children}</code>
}

export function MacroHint() {
  return (
    <>
      Write <Macro>{"{{char}}"}</Macro> for the persona’s name and <Macro>{"{{user}}"}</Macro> for yours. They are replaced in conversations.
    </>
  )
}

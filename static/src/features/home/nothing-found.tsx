import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"

export function NothingFound({ onClear, children }: { onClear: () => void; children: ReactNode }) {
  return (
    <div className="mt-4 rounded-xl border border-dashed p-8 text-center">
      <p className="text-sm text-muted-foreground">{children}</p>
      <Button variant="link" onClick={onClear}>
        Clear the search
      </Button>
    </div>
  )
}

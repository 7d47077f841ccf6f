import { EllipsisIcon } from "lucide-react"
import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"
import { DropdownMenu, DropdownMenuContent, DropdownMenuTrigger } from "@/components/ui/dropdown-menu"

/** The overflow menu of a card or a row. */
export function RowMenu({ label, className, children }: { label: string; className?: string; children: ReactNode }) {
  return (
    <DropdownMenu modal={false}>
      <div className={className}>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" aria-label={label} className="text-muted-foreground">
            <EllipsisIcon />
          </Button>
        </DropdownMenuTrigger>
      </div>
      {/* A disappearing toast returns the focus, which must not close an open menu. */}
      <DropdownMenuContent align="end" className="w-40" onFocusOutside={(event) => event.preventDefault()}>
        {children}
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

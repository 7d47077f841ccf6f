import { CloudOffIcon, CompassIcon, RotateCwIcon } from "lucide-react"
import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"
import { Empty, EmptyContent, EmptyDescription, EmptyHeader, EmptyMedia, EmptyTitle } from "@/components/ui/empty"

/** An error with a retry button. */
export function ErrorState({
  title = "This could not be loaded",
  as: Heading = "h2",
  children,
  onRetry,
  retryLabel = "Try again",
}: {
  title?: string
  /** `h1` if this is the only content of the page. */
  as?: "h1" | "h2"
  children?: ReactNode
  onRetry: () => void
  retryLabel?: string
}) {
  return (
    <Empty role="alert">
      <EmptyHeader>
        <EmptyMedia variant="icon">
          <CloudOffIcon />
        </EmptyMedia>
        <EmptyTitle>
          <Heading>{title}</Heading>
        </EmptyTitle>
        <EmptyDescription>{children ?? "Check your connection, then try again."}</EmptyDescription>
      </EmptyHeader>
      <EmptyContent>
        <Button onClick={onRetry}>
          <RotateCwIcon />
          {retryLabel}
        </Button>
      </EmptyContent>
    </Empty>
  )
}

/** Shown for a resource that does not exist or belongs to another user. */
export function NotFoundState({
  title = "Page not found",
  children = "The address may be mistyped, or the page may have been deleted.",
  action,
}: {
  title?: string
  children?: ReactNode
  action: ReactNode
}) {
  return (
    <Empty>
      <EmptyHeader>
        <EmptyMedia variant="icon">
          <CompassIcon />
        </EmptyMedia>
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        <EmptyDescription>{children}</EmptyDescription>
      </EmptyHeader>
      <EmptyContent>{action}</EmptyContent>
    </Empty>
  )
}

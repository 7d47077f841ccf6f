import { CloudOffIcon, CompassIcon, RotateCwIcon } from "lucide-react"
import type { ReactNode } from "react"

import { Button } from "@/components/ui/button"
import { Empty, EmptyContent, EmptyDescription, EmptyHeader, EmptyMedia, EmptyTitle } from "@/components/ui/empty"

/** Something could not be loaded; says so and offers to try again. */
export function ErrorState({
  title = "This could not be loaded",
  as: Heading = "h2",
  children,
  onRetry,
  retryLabel = "Try again",
}: {
  title?: string
  /** `h1` where this is all that the page has to say. */
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

/** There is nothing at this address, or it belongs to somebody else. */
export function NotFoundState({
  title = "Nothing lives here",
  children = "The address may be mistyped, or what was here is gone.",
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

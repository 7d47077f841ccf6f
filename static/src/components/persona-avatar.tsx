import type { CSSProperties } from "react"

import { Avatar, AvatarFallback, AvatarImage } from "@/components/ui/avatar"
import { hueOf, initials } from "@/lib/hue"
import { paths } from "@/lib/paths"
import { cn } from "@/lib/utils"

/** A persona's picture, or its initials on a colour derived from its id. Hidden from screen readers: use it next to the name. */
export function PersonaAvatar({
  persona,
  className,
}: {
  persona: { id: string; name: string; avatar_id: string | null }
  className?: string
}) {
  return (
    <Avatar aria-hidden className={cn("size-10", className)}>
      {persona.avatar_id && <AvatarImage src={paths.file(persona.avatar_id)} alt="" />}
      <AvatarFallback
        delayMs={persona.avatar_id ? 300 : 0}
        style={{ "--hue": hueOf(persona.id) } as CSSProperties}
        className="bg-linear-135 from-[oklch(0.86_0.07_var(--hue))] to-[oklch(0.74_0.1_calc(var(--hue)+40))] font-semibold text-[oklch(0.3_0.07_var(--hue))] dark:from-[oklch(0.46_0.07_var(--hue))] dark:to-[oklch(0.34_0.07_calc(var(--hue)+40))] dark:text-[oklch(0.94_0.03_var(--hue))]"
      >
        {initials(persona.name)}
      </AvatarFallback>
    </Avatar>
  )
}

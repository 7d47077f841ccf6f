import { useUser } from "@clerk/react"
import { LogOutIcon, UserRoundIcon } from "lucide-react"

import { Avatar, AvatarFallback, AvatarImage } from "@/components/ui/avatar"
import { Button } from "@/components/ui/button"
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from "@/components/ui/dropdown-menu"
import { useSignOut } from "@/features/account/use-sign-out"
import { initials } from "@/lib/hue"
import { paths } from "@/lib/paths"

/**
 * The account menu. Clerk's component of this name needs Clerk's whole UI script (290 kB) on every page.
 */
export function UserButton() {
  const { user } = useUser()
  const signOut = useSignOut()
  const contact = user?.primaryEmailAddress?.emailAddress ?? user?.primaryPhoneNumber?.phoneNumber ?? ""
  const name = user?.fullName ?? ""
  const letters = initials(name || contact)

  return (
    <DropdownMenu modal={false}>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" size="icon" className="rounded-full" aria-label="Account menu">
          <Avatar aria-hidden className="size-8">
            {user?.hasImage && <AvatarImage src={user.imageUrl} alt="" />}
            {/* CSS content, so that the initials are not part of the button's accessible name. */}
            <AvatarFallback
              data-initials={letters}
              className="bg-accent text-xs font-semibold text-accent-foreground before:content-[attr(data-initials)]"
            >
              {!letters && <UserRoundIcon className="size-4" />}
            </AvatarFallback>
          </Avatar>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="w-60">
        <DropdownMenuLabel className="font-normal">
          <span className="block truncate font-medium">{name || contact || "Your account"}</span>
          {name && contact && <span className="block truncate text-xs text-muted-foreground">{contact}</span>}
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem asChild>
          {/* A full page load: Clerk's UI is loaded there only (see clerk-layout). */}
          <a href={paths.account}>
            <UserRoundIcon />
            Manage account
          </a>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void signOut()}>
          <LogOutIcon />
          Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}

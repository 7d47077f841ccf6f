import { Link, NavLink } from "react-router"

import { Logo } from "@/components/logo"
import { paths } from "@/lib/paths"
import { cn } from "@/lib/utils"

import { ThemeMenu } from "./theme-menu"
import { UserButton } from "./user-button"

const bar =
  "sticky top-0 z-40 h-14 w-full shrink-0 border-b bg-background/85 backdrop-blur supports-[backdrop-filter]:bg-background/70"
const row = "mx-auto flex h-full max-w-6xl items-center gap-2 px-4 sm:px-6"
const focusRing = "flex rounded-md outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"

/** The header of the signed-in application. */
export function AppHeader() {
  return (
    <header className={bar}>
      <div className={row}>
        <Link to={paths.dashboard} aria-label="Persona, to the dashboard" className={focusRing}>
          <Logo />
        </Link>
        <nav aria-label="Main" className="ml-2 flex items-center gap-1 sm:ml-6">
          <NavLink
            to={paths.dashboard}
            className={({ isActive }) =>
              cn(
                focusRing,
                "px-3 py-1.5 text-sm font-medium transition-colors hover:text-foreground",
                isActive ? "text-foreground" : "text-muted-foreground",
              )
            }
          >
            Dashboard
          </NavLink>
        </nav>
        <div className="ml-auto flex items-center gap-1.5">
          <ThemeMenu />
          <UserButton />
        </div>
      </div>
    </header>
  )
}

/** The header of pages without a session. */
export function PlainHeader() {
  return (
    <header className={bar}>
      <div className={row}>
        <a href={paths.home} aria-label="Persona, to the home page" className={focusRing}>
          <Logo />
        </a>
        <div className="ml-auto">
          <ThemeMenu />
        </div>
      </div>
    </header>
  )
}

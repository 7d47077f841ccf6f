import { Outlet } from "react-router"

import { ConversationPreview } from "@/components/conversation-preview"
import { Logo } from "@/components/logo"
import { ThemeMenu } from "@/app/theme-menu"
import { paths } from "@/lib/paths"

/** The layout of sign-in and sign-up: the form and, on wide screens, a description of the product. */
export default function AuthLayout() {
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(30rem,1fr)_minmax(0,1.15fr)]">
      <div className="flex min-w-0 flex-col">
        <header className="flex h-16 items-center justify-between px-4 sm:px-8">
          <a
            href={paths.home}
            aria-label="Persona, to the home page"
            className="flex rounded-md outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"
          >
            <Logo />
          </a>
          <ThemeMenu />
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto flex w-full max-w-[26rem] flex-1 flex-col justify-center px-4 pt-4 pb-16 outline-none sm:px-0"
        >
          <Outlet />
        </main>
      </div>
      <aside aria-label="About Persona" className="relative hidden overflow-hidden border-l bg-muted/60 lg:block">
        <div className="auth-glow absolute inset-0" aria-hidden />
        <div className="relative mx-auto flex h-full max-w-lg flex-col justify-center gap-10 px-10 py-16">
          <div>
            <p className="text-3xl leading-tight font-semibold tracking-tight text-balance">
              A name is enough to begin. The rest grows as you talk.
            </p>
            <p className="mt-4 text-muted-foreground">
              Your personas and conversations belong to your account. Nobody else sees them.
            </p>
          </div>
          <ConversationPreview />
        </div>
      </aside>
    </div>
  )
}

import { MoonIcon, SunIcon } from "lucide-react"
import type { ReactNode } from "react"

import { ConversationPreview } from "@/components/conversation-preview"
import { Logo } from "@/components/logo"
import { paths } from "@/lib/paths"

import { Features } from "./features"
import { Steps } from "./steps"

// Rendered to HTML at build time. These components do not run in the browser.

const start = `${paths.signUp}?redirect_url=${encodeURIComponent(paths.newPersona)}`
const ring = "outline-none focus-visible:ring-[3px] focus-visible:ring-ring/50"

export default function Landing() {
  return (
    <div className="relative isolate overflow-x-clip">
      <a
        href="#main"
        className="sr-only rounded-md bg-primary px-4 py-2 text-sm font-medium text-primary-foreground focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to the content
      </a>
      <div aria-hidden className="spotlight pointer-events-none absolute -inset-x-[12%] top-0 -z-10 h-[44rem]" />
      <Header />
      <main id="main" tabIndex={-1} className="outline-none">
        <Hero />
        <Features />
        <Steps />
        <Limitations />
        <Closing />
      </main>
      <Footer />
    </div>
  )
}

function Header() {
  return (
    <header className="mx-auto flex h-18 max-w-6xl items-center gap-3 px-4 sm:px-6">
      <a href={paths.home} aria-label="Persona, home page" className={`flex rounded-md ${ring}`}>
        <Logo />
      </a>
      <nav aria-label="Main" className="ml-auto flex items-center gap-1 text-sm font-medium sm:gap-2">
        <button
          type="button"
          data-theme-toggle
          data-needs-script
          aria-label="Switch between light and dark"
          className={`grid size-9 place-items-center rounded-md hover:bg-accent ${ring}`}
        >
          <SunIcon aria-hidden className="hidden size-4 dark:block" />
          <MoonIcon aria-hidden className="size-4 dark:hidden" />
        </button>
        <a data-when="signed-out" href={paths.signIn} className={`rounded-md px-3 py-2 hover:bg-accent ${ring}`}>
          Sign in
        </a>
        <a
          data-when="signed-out"
          href={start}
          className={`rounded-md bg-foreground px-4 py-2 text-background transition-opacity hover:opacity-85 max-[420px]:hidden ${ring}`}
        >
          Get started
        </a>
        <a
          data-when="signed-in"
          href={paths.dashboard}
          className={`rounded-md bg-foreground px-4 py-2 text-background transition-opacity hover:opacity-85 ${ring}`}
        >
          Open the dashboard
        </a>
      </nav>
    </header>
  )
}

function Hero() {
  return (
    <section className="mx-auto grid max-w-6xl grid-cols-[minmax(0,1fr)] gap-14 px-4 pt-14 pb-16 sm:px-6 sm:pt-20 lg:grid-cols-[1.15fr_1fr] lg:items-center lg:gap-14 lg:pb-24">
      <div className="min-w-0">
        <h1 className="text-[clamp(2.5rem,11vw,4.25rem)] leading-[1.04] font-semibold tracking-tighter lg:text-6xl xl:text-[4.25rem]">
          <span className="block">Make a character. </span>
          <span className="block">Then talk with it.</span>
        </h1>
        <p className="mt-7 max-w-xl text-lg leading-relaxed text-muted-foreground sm:text-xl sm:leading-relaxed">
          Write who they are, how they speak and what they say first. Persona turns that into a conversation that comes
          in word by word, stops when you say so, and is still there tomorrow.
        </p>
        <CallToAction className="mt-9" />
        <p className="mt-5 text-sm text-muted-foreground">Private by default. A name is all it takes to begin.</p>
      </div>
      <ConversationPreview className="lg:-rotate-1" />
    </section>
  )
}

function CallToAction({ className = "" }: { className?: string }) {
  const main = `shimmer inline-flex h-12 items-center rounded-lg bg-primary px-6 font-medium text-primary-foreground shadow-soft transition-opacity hover:opacity-90 ${ring}`
  return (
    <div className={`flex flex-wrap items-center gap-3 ${className}`}>
      <a data-when="signed-out" href={start} className={main}>
        Create your first persona
      </a>
      <a data-when="signed-in" href={paths.dashboard} className={main}>
        Open the dashboard
      </a>
      <a
        href="#how"
        className={`inline-flex h-12 items-center rounded-lg px-5 font-medium hover:bg-accent ${ring}`}
      >
        See how it works
      </a>
    </div>
  )
}

function Limitations() {
  return (
    <section className="mx-auto max-w-6xl px-4 py-20 sm:px-6 sm:py-28">
      <div className="grid gap-8 border-t pt-14 lg:grid-cols-[1fr_1.4fr] lg:gap-16">
        <h2 className="text-3xl font-semibold tracking-tight sm:text-4xl">What a persona is, and is not</h2>
        <div className="space-y-5 text-lg leading-relaxed text-muted-foreground">
          <p>
            A persona is a language model playing the part you wrote. It has no feelings and no life between your
            messages, and it makes things up with great confidence. That is the fun of it, and also its limit.
          </p>
          <p>
            <Strong>It is good for</Strong> finding a character&rsquo;s voice, rehearsing a hard conversation,
            practising a language, or spending an evening in a story.
          </p>
          <p>
            <Strong>It is not</Strong> a doctor, a lawyer or a friend who can come over. For those, talk to people.
          </p>
        </div>
      </div>
    </section>
  )
}

function Strong({ children }: { children: ReactNode }) {
  return <strong className="font-medium text-foreground">{children}</strong>
}

function Closing() {
  return (
    <section className="mx-auto max-w-6xl px-4 pb-24 sm:px-6 sm:pb-32">
      <div className="relative isolate overflow-hidden rounded-3xl border bg-card px-6 py-16 text-center shadow-soft sm:py-24">
        <div aria-hidden className="auth-glow absolute inset-0 -z-10" />
        <h2 className="text-4xl font-semibold tracking-tight sm:text-5xl">Whom would you like to meet?</h2>
        <p className="mx-auto mt-5 max-w-md text-lg text-muted-foreground">
          Start with a name. You can write the rest when you know them better.
        </p>
        <CallToAction className="mt-9 justify-center" />
      </div>
    </section>
  )
}

function Footer() {
  const link = `rounded-sm hover:text-foreground ${ring}`
  return (
    <footer className="border-t">
      <div className="mx-auto flex max-w-6xl flex-wrap items-center justify-between gap-x-8 gap-y-4 px-4 py-10 text-sm text-muted-foreground sm:px-6">
        <p>Persona is open source, under MIT or Apache-2.0.</p>
        <nav aria-label="Footer" className="flex gap-6">
          <a data-when="signed-out" href={paths.signIn} className={link}>
            Sign in
          </a>
          <a data-when="signed-out" href={paths.signUp} className={link}>
            Create an account
          </a>
          <a data-when="signed-in" href={paths.dashboard} className={link}>
            Dashboard
          </a>
        </nav>
      </div>
    </footer>
  )
}

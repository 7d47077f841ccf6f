/**
 * Markdown of untrusted text. Raw HTML stays text, external images are not loaded (they would reveal the reader to
 * their server), and every link shows its host.
 */
import { ExternalLinkIcon, ImageOffIcon } from "lucide-react"
import { memo, type ReactNode } from "react"
import ReactMarkdown, { type Components } from "react-markdown"
import remarkGfm from "remark-gfm"

import { linkTarget } from "@/lib/links"
import { cn } from "@/lib/utils"

function ExternalLink({ href, children, icon }: { href: string | undefined; children: ReactNode; icon?: ReactNode }) {
  const target = linkTarget(href)
  if (!target) return <>{children}</>
  return (
    <a href={target.href} target="_blank" rel="noopener noreferrer nofollow" className="font-medium break-words text-primary underline underline-offset-4">
      {icon}
      {children}
      <span className="ml-1 inline-block text-xs font-normal text-muted-foreground">
        ({target.host}
        <ExternalLinkIcon aria-hidden className="ml-0.5 inline size-3 align-[-1px]" />
        <span className="sr-only"> opens in a new tab</span>)
      </span>
    </a>
  )
}

const components: Components = {
  a: ({ href, children }) => <ExternalLink href={href}>{children}</ExternalLink>,
  img: ({ src, alt }) => (
    <ExternalLink href={typeof src === "string" ? src : undefined} icon={<ImageOffIcon aria-hidden className="mr-1 inline size-4 align-[-3px]" />}>
      {alt || "Picture"} <span className="ml-1 inline-block text-xs font-normal text-muted-foreground">picture, not loaded</span>
    </ExternalLink>
  ),
  h1: ({ children }) => <p className="mt-5 mb-2 text-lg font-semibold first:mt-0">{children}</p>,
  h2: ({ children }) => <p className="mt-5 mb-2 text-base font-semibold first:mt-0">{children}</p>,
  h3: ({ children }) => <p className="mt-4 mb-1.5 font-semibold first:mt-0">{children}</p>,
  h4: ({ children }) => <p className="mt-4 mb-1.5 font-semibold first:mt-0">{children}</p>,
  h5: ({ children }) => <p className="mt-4 mb-1.5 font-semibold first:mt-0">{children}</p>,
  h6: ({ children }) => <p className="mt-4 mb-1.5 font-semibold first:mt-0">{children}</p>,
  p: ({ children }) => <p className="my-3 whitespace-pre-wrap first:mt-0 last:mb-0">{children}</p>,
  em: ({ children }) => <em className="text-foreground/75">{children}</em>,
  ul: ({ children, className }) => <ul className={cn("my-3 list-disc space-y-1 pl-5", className?.includes("task") && "list-none pl-1")}>{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-3 list-decimal space-y-1 pl-6">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote className="my-3 border-l-2 pl-4 text-muted-foreground">{children}</blockquote>,
  hr: () => <hr className="my-5" />,
  code: ({ children }) => <code className="rounded bg-muted px-1 py-0.5 font-mono text-[0.85em] break-words">{children}</code>,
  pre: ({ children }) => (
    <pre
      tabIndex={0}
      className="my-3 overflow-x-auto rounded-lg border bg-muted/50 p-3 font-mono text-[0.85em] [&>code]:bg-transparent [&>code]:p-0 [&>code]:text-[1em] [&>code]:break-normal"
    >
      {children}
    </pre>
  ),
  table: ({ children }) => (
    <div tabIndex={0} className="my-3 overflow-x-auto">
      <table className="w-full border-collapse text-sm">{children}</table>
    </div>
  ),
  th: ({ children }) => <th className="border-b px-3 py-1.5 text-left font-semibold">{children}</th>,
  td: ({ children }) => <td className="border-b px-3 py-1.5 align-top">{children}</td>,
}

const plugins = [remarkGfm]

export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <ReactMarkdown remarkPlugins={plugins} components={components}>
      {text}
    </ReactMarkdown>
  )
})

import { createElement, type ComponentType } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { runnerImport, type Plugin } from "vite"

const PLACEHOLDER = "<!--persona:landing-->"

/** Renders the landing page into index.html at build time, so that the page loads no React. */
export function prerenderLanding(src: string): Plugin {
  return {
    name: "persona:prerender-landing",
    transformIndexHtml: {
      order: "pre",
      async handler(html) {
        if (!html.includes(PLACEHOLDER)) return html
        const { module } = await runnerImport<{ default: ComponentType }>(`${src}/features/landing/landing.tsx`, {
          configFile: false,
          resolve: { alias: { "@": src } },
          oxc: { jsx: { runtime: "automatic" } },
        })
        const markup = renderToStaticMarkup(createElement(module.default))
        return html.replace(PLACEHOLDER, () => markup)
      },
    },
  }
}

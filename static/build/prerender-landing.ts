import { createElement, type ComponentType } from "react"
import { renderToStaticMarkup } from "react-dom/server"
import { runnerImport, type Plugin } from "vite"

const PLACE = "<!--persona:landing-->"

/** Writes the landing page into index.html as finished HTML: nothing of React reaches that page. */
export function prerenderLanding(src: string): Plugin {
  return {
    name: "persona:prerender-landing",
    transformIndexHtml: {
      order: "pre",
      async handler(html) {
        if (!html.includes(PLACE)) return html
        const { module } = await runnerImport<{ default: ComponentType }>(`${src}/features/landing/landing.tsx`, {
          configFile: false,
          resolve: { alias: { "@": src } },
          oxc: { jsx: { runtime: "automatic" } },
        })
        const markup = renderToStaticMarkup(createElement(module.default))
        return html.replace(PLACE, () => markup)
      },
    },
  }
}

import type { Plugin } from "vite"

/** Adds a preload link for the font file that every page uses. */
export function preloadFont(file: RegExp): Plugin {
  return {
    name: "persona:preload-font",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        return Object.keys(bundle ?? {})
          .filter((name) => file.test(name))
          .map((name) => ({
            tag: "link",
            attrs: { rel: "preload", as: "font", type: "font/woff2", href: `/${name}`, crossorigin: true },
            injectTo: "head" as const,
          }))
      },
    },
  }
}

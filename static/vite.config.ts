import { fileURLToPath } from "node:url"

import tailwindcss from "@tailwindcss/vite"
import react from "@vitejs/plugin-react"
import { defineConfig } from "vitest/config"

import { openApi } from "./build/openapi.ts"
import { preloadFont } from "./build/preload-font.ts"
import { prerenderLanding } from "./build/prerender-landing.ts"

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  resolve: { alias: { "@": at("./src") } },
  plugins: [react(), tailwindcss(), openApi(at("../shared/api/openapi.json")), prerenderLanding(at("./src")), preloadFont(/inter-latin-wght-normal-[\w-]+\.woff2$/)],
  build: {
    target: "es2023",
    // The content security policy allows fonts and scripts from files only, not from data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: { index: at("./index.html"), app: at("./app.html") } },
  },
  test: { environment: "node", include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
})

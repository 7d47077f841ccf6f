// One Chromium, one test at a time: the tests share one product.
import { defineConfig } from "@playwright/test"
import { DESKTOP, ORIGIN } from "./support/parts.mjs"

// Chromium calls these services by itself, and logs errors in a closed network.
const FLAGS = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]

export default defineConfig({
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: "list",
  outputDir: "screenshots/failed",
  use: {
    baseURL: ORIGIN,
    viewport: DESKTOP,
    contextOptions: { reducedMotion: "reduce" },
    actionTimeout: 30_000,
    navigationTimeout: 30_000,
    screenshot: "only-on-failure",
    launchOptions: { executablePath: process.env.CHROMIUM || undefined, args: FLAGS },
  },
})

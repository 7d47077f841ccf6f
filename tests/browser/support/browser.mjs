// One Chromium for a file of tests; one context, and so one visitor, for each test.
import assert from "node:assert/strict"
import { mkdir } from "node:fs/promises"
import { after, before } from "node:test"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

export const ORIGIN = needed("PERSONA_ORIGIN")
export const MODEL = needed("PERSONA_MODEL")
export const EMULATOR = needed("PERSONA_EMULATOR")
export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

const SCREENSHOTS = fileURLToPath(new URL("../screenshots/", import.meta.url))
// The services that Chromium asks by itself are nobody's business in a test, and refused on a closed network.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
]

function needed(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: these tests run by \`cargo xtask test --only browser\`.`)
  return value
}

let browser

/** Call once in each test file. */
export function useBrowser() {
  before(async () => {
    await mkdir(SCREENSHOTS, { recursive: true })
    browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: FLAGS })
  })
  after(() => browser?.close())
}

/**
 * Runs `visit` as a new visitor. Fails it where the page logged an error that was not announced:
 * pass a pattern as `allows` where a failing answer is what the test is about.
 */
export async function asVisitor(visit, { viewport = DESKTOP, colorScheme = "light", allows = /(?!)/ } = {}) {
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce", baseURL: ORIGIN })
  context.setDefaultTimeout(30_000)
  const errors = []
  context.on("weberror", (event) => errors.push(`uncaught: ${event.error().message}`))
  context.on("console", (message) => {
    const text = `${message.text()} (${message.location().url})`
    if (message.type() === "error" && !allows.test(text)) errors.push(text)
  })
  const page = await context.newPage()
  try {
    await visit(page, context)
  } catch (error) {
    for (const [index, tab] of context.pages().entries()) {
      await tab.screenshot({ path: `${SCREENSHOTS}failed-${index}.png` }).catch(() => {})
    }
    if (errors.length > 0) error.message += `\nThe page said:\n${errors.join("\n")}`
    throw error
  } finally {
    await context.close()
  }
  assert.deepEqual(errors, [], "the console is quiet")
}

export async function screenshot(page, name) {
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, animations: "disabled" })
}

// Fixtures of the browser tests. `page` has no session.
import { expect, test as base } from "@playwright/test"

export { expect }

export const test = base.extend({
  /**
   * Fails the test if a page has logged an error. `allow` sets a pattern of expected errors: Chromium logs every
   * error status.
   */
  consoleErrors: async ({}, use) => {
    const errors = []
    let allowed = /(?!)/
    await use({
      allow: (pattern) => (allowed = pattern),
      watch: (context) => {
        context.on("weberror", (event) => errors.push(`uncaught: ${event.error().message}`))
        context.on("console", (message) => {
          if (message.type() === "error") errors.push(`${message.text()} (${message.location().url})`)
        })
      },
    })
    expect(errors.filter((text) => !allowed.test(text)), "the console is quiet").toEqual([])
  },

  context: async ({ context, consoleErrors }, use) => {
    consoleErrors.watch(context)
    await use(context)
  },

  /** Runs `visit` in a separate browser context. */
  elsewhere: async ({ browser, consoleErrors }, use) => {
    await use(async (visit) => {
      const context = await browser.newContext()
      consoleErrors.watch(context)
      await visit(await context.newPage())
      await context.close()
    })
  },
})

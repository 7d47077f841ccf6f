// Every page at two widths, light and dark: nothing is wider than the window, axe finds nothing serious, and a picture is kept.
import { fileURLToPath } from "node:url"
import { AxeBuilder } from "@axe-core/playwright"
import { DESKTOP, PHONE } from "./support/parts.mjs"
import { expect, test } from "./support/test.mjs"
import { createPersona, newPerson, say, talkTo } from "./support/people.mjs"

const LOOKS = [
  { name: "1280-light", viewport: DESKTOP, colorScheme: "light" },
  { name: "1280-dark", viewport: DESKTOP, colorScheme: "dark" },
  { name: "390-light", viewport: PHONE, colorScheme: "light" },
  { name: "390-dark", viewport: PHONE, colorScheme: "dark" },
]

async function looksRight(page, name) {
  await page.screenshot({ path: fileURLToPath(new URL(`screenshots/${name}.png`, import.meta.url)), animations: "disabled" })
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, `pixels by which ${name} is wider than the window`).toBeLessThanOrEqual(0)
  // Clerk's components and Swagger UI are excluded, because they are third-party.
  const { violations } = await new AxeBuilder({ page }).exclude(".cl-rootBox").exclude(".swagger-ui").analyze()
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  const report = serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)
  expect(report, `${name} is accessible`).toEqual([])
}

for (const { name: look, viewport, colorScheme } of LOOKS) {
  test.describe(look, () => {
    test.use({ viewport, colorScheme })

    test("public pages look right", async ({ page, consoleErrors }) => {
      consoleErrors.allow(/status of 404/)
      await page.goto("/")
      await looksRight(page, `landing-${look}`)
      await page.goto("/sign-in")
      await page.locator('input[name="identifier"]').waitFor()
      await looksRight(page, `sign-in-${look}`)
      await page.goto("/sign-up")
      await page.locator('input[name="emailAddress"]').waitFor()
      await looksRight(page, `sign-up-${look}`)
      await page.goto("/api/docs")
      await page.locator("#operations-Dashboard-getMe").waitFor()
      await looksRight(page, `api-docs-${look}`)
      const answer = await page.goto("/nowhere")
      expect(answer.status()).toBe(404)
      await page.getByRole("heading", { level: 1 }).waitFor()
      await looksRight(page, `not-found-${look}`)
    })

    test("pages behind sign-in look right", async ({ page }) => {
      await newPerson(page)
      await page.getByRole("heading", { level: 1 }).waitFor()
      await looksRight(page, `dashboard-empty-${look}`)
      await page.goto("/personas/new")
      await page.locator('[name="name"]').waitFor()
      await looksRight(page, `persona-new-${look}`)
      await createPersona(page, { name: "Mira Vance", tagline: "Harbour pilot", greeting: "*looks up* Good morning, {{user}}." })
      await page.getByText("Mira Vance is ready. Say hello").waitFor()
      await looksRight(page, `persona-${look}`)
      await talkTo(page, "Mira Vance")
      await page.getByText("Good morning").first().waitFor()
      await say(page, "Tell me about the fog.")
      await page.getByText("You said: Tell me about the fog.", { exact: true }).waitFor()
      await looksRight(page, `talk-${look}`)
      await page.goto("/dashboard")
      await page.getByText("Mira Vance").first().waitFor()
      await looksRight(page, `dashboard-${look}`)
      await page.goto("/account")
      await page.getByText("Profile details").first().waitFor()
      await looksRight(page, `account-${look}`)
      await page.goto("/account/security")
      await page.getByRole("heading", { name: "Sign out everywhere" }).waitFor()
      await page.getByText("This device").first().waitFor()
      await looksRight(page, `security-${look}`)
    })
  })
}

test("the API's page sends requests with the session of the signed-in user", async ({ page }) => {
  await newPerson(page)
  await page.goto("/api/docs")
  const operation = page.locator("#operations-Dashboard-getMe")
  await operation.locator(".opblock-summary-control").click()
  await operation.getByRole("button", { name: "Execute" }).click()
  await operation.locator(".live-responses-table .response-col_status", { hasText: "200" }).waitFor()
})

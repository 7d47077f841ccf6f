// Every page at two widths, light and dark: nothing sticks out, axe finds nothing serious, and a picture is kept.
import assert from "node:assert/strict"
import { test } from "node:test"
import { AxeBuilder } from "@axe-core/playwright"
import { DESKTOP, PHONE, asVisitor, screenshot, useBrowser } from "./support/browser.mjs"
import { createPersona, newPerson, say, talkTo } from "./support/people.mjs"

useBrowser()

const LOOKS = [
  { name: "1280-light", viewport: DESKTOP, colorScheme: "light" },
  { name: "1280-dark", viewport: DESKTOP, colorScheme: "dark" },
  { name: "390-light", viewport: PHONE, colorScheme: "light" },
  { name: "390-dark", viewport: PHONE, colorScheme: "dark" },
]

async function looksRight(page, name) {
  await screenshot(page, name)
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(overflow <= 0, `${name} sticks out by ${overflow} px`)
  // Clerk's own components are Clerk's to mend.
  const { violations } = await new AxeBuilder({ page }).exclude(".cl-rootBox").analyze()
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical")
  const report = serious.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(", ")}`)
  assert.deepEqual(report, [], `${name} is accessible`)
}

for (const look of LOOKS) {
  test(`public pages look right (${look.name})`, async () => {
    await asVisitor(
      async (page) => {
        await page.goto("/")
        await looksRight(page, `landing-${look.name}`)
        await page.goto("/sign-in")
        await page.locator('input[name="identifier"]').waitFor()
        await looksRight(page, `sign-in-${look.name}`)
        await page.goto("/sign-up")
        await page.locator('input[name="emailAddress"]').waitFor()
        await looksRight(page, `sign-up-${look.name}`)
        const answer = await page.goto("/nowhere")
        assert.equal(answer.status(), 404)
        await page.getByRole("heading", { level: 1 }).waitFor()
        await looksRight(page, `not-found-${look.name}`)
      },
      { ...look, allows: /status of 404/ },
    )
  })

  test(`pages behind sign-in look right (${look.name})`, async () => {
    await asVisitor(async (page) => {
      await newPerson(page)
      await page.getByRole("heading", { level: 1 }).waitFor()
      await looksRight(page, `dashboard-empty-${look.name}`)
      await page.goto("/personas/new")
      await page.locator('[name="name"]').waitFor()
      await looksRight(page, `persona-new-${look.name}`)
      await createPersona(page, { name: "Mira Vance", tagline: "Harbour pilot", greeting: "*looks up* Good morning, {{user}}." })
      await page.getByText("Mira Vance is ready. Say hello").waitFor()
      await looksRight(page, `persona-${look.name}`)
      await talkTo(page, "Mira Vance")
      await page.getByText("Good morning").first().waitFor()
      await say(page, "Tell me about the fog.")
      await page.getByText("You said: Tell me about the fog.", { exact: true }).waitFor()
      await looksRight(page, `talk-${look.name}`)
      await page.goto("/dashboard")
      await page.getByText("Mira Vance").first().waitFor()
      await looksRight(page, `dashboard-${look.name}`)
      await page.goto("/account")
      await page.getByText("Profile details").first().waitFor()
      await looksRight(page, `account-${look.name}`)
      await page.goto("/account/security")
      await page.getByRole("heading", { name: "Sign out everywhere" }).waitFor()
      await page.getByText("This device").first().waitFor()
      await looksRight(page, `security-${look.name}`)
    }, look)
  })
}

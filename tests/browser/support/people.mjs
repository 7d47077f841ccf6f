// Actions of a user: sign up and in, create a persona, talk.
import { randomUUID } from "node:crypto"
import { expect } from "@playwright/test"

const CODE = "424242"

/** A test address of Clerk development instances, for the code 424242. */
export function testAddress() {
  return `person-${randomUUID().slice(0, 8)}+clerk_test@example.com`
}

const codeField = (page) => page.locator('input[autocomplete="one-time-code"]')

/** Types a code. Clerk submits it when it is complete. */
export async function typeCode(page, code = CODE) {
  await codeField(page).waitFor()
  await codeField(page).pressSequentially(code)
}

/** Signs up on the sign-up page. */
export async function signUp(page, { email = testAddress(), firstName = "Ada", wrongCodeFirst = false } = {}) {
  await page.locator('input[name="emailAddress"]').waitFor()
  const name = page.locator('input[name="firstName"]')
  if (await name.count()) await name.fill(firstName)
  await page.locator('input[name="emailAddress"]').fill(email)
  await page.keyboard.press("Enter")
  if (wrongCodeFirst) {
    await typeCode(page, "111111")
    await page.getByText(/incorrect/i).first().waitFor()
    // The component clears its field after a wrong code.
    await expect(codeField(page)).toHaveValue("")
  }
  await typeCode(page)
  return email
}

/** Signs in on the sign-in page. */
export async function signIn(page, email) {
  await page.locator('input[name="identifier"]').fill(email)
  await page.keyboard.press("Enter")
  await typeCode(page)
}

/** Creates an account and opens its dashboard. */
export async function newPerson(page) {
  await page.goto("/sign-up")
  const email = await signUp(page)
  await page.waitForURL("**/dashboard")
  return email
}

/** Creates a persona in the editor and stays on its page. */
export async function createPersona(page, fields) {
  await page.goto("/personas/new")
  for (const [name, value] of Object.entries(fields)) await page.locator(`[name="${name}"]`).fill(value)
  await page.getByRole("button", { name: "Create", exact: true }).click()
  await page.waitForURL(/\/personas\/[0-9a-f-]{36}$/)
}

/** Opens a conversation with a persona of the dashboard. */
export async function talkTo(page, name) {
  await page.goto("/dashboard")
  await page.getByRole("button", { name: `Talk to ${name}` }).or(page.getByRole("link", { name: `Talk to ${name}` })).first().click()
  await page.waitForURL("**/talk/**")
}

export const composer = (page) => page.getByRole("textbox", { name: /^Message to/ })

/** Sends a message and waits until it is shown. */
export async function say(page, text) {
  await composer(page).fill(text)
  // While a reply is running, this button stops it instead.
  await page.locator('button[aria-label="Send"]:enabled').waitFor()
  await composer(page).press("Enter")
  await page.getByRole("article", { name: "You" }).getByText(text, { exact: true }).waitFor()
}

// What a person does with their account, and what happens to it elsewhere.
import { randomInt } from "node:crypto"
import { EMULATOR, ORIGIN } from "./parts.mjs"
import { expect } from "@playwright/test"
import { createPersona, talkTo, typeCode } from "./people.mjs"

/** A number that every Clerk development instance takes with the code 424242: ten digits, without +1. */
export function testNumber() {
  return `${randomInt(201, 990)}55501${String(randomInt(100)).padStart(2, "0")}`
}

/** Has the Clerk emulator tell the product of ended sessions and deleted people, as `xtask dev` does. */
export async function connectWebhooks() {
  const secret = process.env.CLERK_WEBHOOK_SECRET
  if (!secret) return
  const url = new URL("/auth/webhooks/clerk", ORIGIN)
  url.hostname = "127.0.0.1"
  await control("webhooks", { url: url.href, secret })
}

/** The emulator's control API. */
export async function control(path, body) {
  const answer = await fetch(`${EMULATOR}/_emulator/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${path}: ${await answer.text()}`)
  return answer.json()
}

/** From a sign-in or sign-up page, by phone, to wherever the visitor was going. */
export async function byPhone(page, number) {
  await page.getByRole("link", { name: /^Use phone/ }).click()
  const field = page.getByRole("textbox", { name: "Phone number" })
  await field.fill(number)
  await field.press("Enter")
  await typeCode(page)
}

/** From a sign-in or sign-up page to the emulated Google. */
export async function toGoogle(page) {
  await page.getByRole("button", { name: /Continue with Google/ }).click()
  await page.getByRole("heading", { name: "Choose an account" }).waitFor()
}

/** On Google's page: somebody of this name and address, here before or not. */
export async function asGoogler(page, { email, firstName = "" }) {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("First name").fill(firstName)
  await page.getByRole("button", { name: "Continue", exact: true }).click()
}

/** Waits for the page of this path, whatever its query. */
export async function arrive(page, path) {
  await page.waitForURL((url) => url.pathname === path)
}

export async function signOut(page) {
  // Other pages put the focus somewhere when they are ready, which closes a menu.
  await page.goto("/dashboard")
  await page.getByRole("heading", { level: 1 }).waitFor()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await arrive(page, "/")
}

/** The page of sessions; resolves once they are listed. */
export async function toSecurity(page) {
  await page.goto("/account/security")
  await page.getByText("This device").waitFor()
}

/** On the page of sessions: ends the only other one. */
export async function signOutOtherDevice(page) {
  const others = page.getByRole("button", { name: "Open menu" })
  await others.click()
  const done = page.waitForResponse(/\/sessions\/\w+\/revoke/)
  await page.getByRole("menuitem", { name: "Sign out of device" }).click()
  await done
  // Clerk's component may go on showing what it had.
  await page.reload()
  await page.getByText("This device").waitFor()
  await expect(others).toHaveCount(0)
}

/** Begins a draft in a conversation with a new persona. */
export async function startDraft(page, box, text) {
  await createPersona(page, { name: "Mira Vance", greeting: "You are up early." })
  await talkTo(page, "Mira Vance")
  await box(page).fill(text)
}

export const signedOutDialog = (page) => page.getByRole("dialog", { name: "You were signed out" })

/** Returns a function that waits until the API refuses the token that this page holds now. */
export async function refusalOf(page) {
  const token = await page.evaluate(() => window.Clerk.session.getToken())
  return () => becomes(401, "/api/me", { authorization: `Bearer ${token}` })
}

/** Brings the window to the front again, which is when ClerkJS asks for the session. */
export async function comeBackTo(page, expected) {
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("focus")))
    await expected.waitFor({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
}

/** Waits until the address answers so: webhooks take a moment. */
export async function becomes(status, path, headers = {}) {
  const answers = async () => {
    const answer = await fetch(new URL(path, ORIGIN), { headers })
    await answer.body?.cancel()
    return answer.status
  }
  await expect.poll(answers, `status of ${path}`).toBe(status)
}

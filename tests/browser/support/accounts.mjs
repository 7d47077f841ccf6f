// Actions of users on their accounts, and control of the emulator.
import { randomInt } from "node:crypto"
import { EMULATOR, ORIGIN } from "./parts.mjs"
import { expect } from "@playwright/test"
import { createPersona, talkTo, typeCode } from "./people.mjs"

/** A test number of Clerk development instances, for the code 424242: ten digits, without +1. */
export function testNumber() {
  return `${randomInt(201, 990)}55501${String(randomInt(100)).padStart(2, "0")}`
}

/** Makes the Clerk emulator send webhooks to the product, like `xtask dev`. */
export async function connectWebhooks() {
  const secret = process.env.CLERK_WEBHOOK_SECRET
  if (!secret) return
  const url = new URL("/auth/webhooks/clerk", ORIGIN)
  url.hostname = "127.0.0.1"
  await control("webhooks", { url: url.href, secret })
}

/** Calls the emulator's control API. */
export async function control(path, body) {
  const answer = await fetch(`${EMULATOR}/_emulator/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  })
  if (!answer.ok) throw new Error(`the emulator answered ${answer.status} to ${path}: ${await answer.text()}`)
  return answer.json()
}

/** Signs in or up by phone. */
export async function byPhone(page, number) {
  await page.getByRole("link", { name: /^Use phone/ }).click()
  const field = page.getByRole("textbox", { name: "Phone number" })
  await field.fill(number)
  await field.press("Enter")
  await typeCode(page)
}

/** Goes from a sign-in or sign-up page to the emulated Google. */
export async function toGoogle(page) {
  await page.getByRole("button", { name: /Continue with Google/ }).click()
  await page.getByRole("heading", { name: "Choose an account" }).waitFor()
}

/** Chooses an account on the emulated Google's page. */
export async function asGoogler(page, { email, firstName = "" }) {
  await page.getByLabel("Email").fill(email)
  await page.getByLabel("First name").fill(firstName)
  await page.getByRole("button", { name: "Continue", exact: true }).click()
}

/** Waits for the page with this path and any query. */
export async function arrive(page, path) {
  await page.waitForURL((url) => url.pathname === path)
}

export async function signOut(page) {
  // Other pages set the focus when they are ready, which closes a menu.
  await page.goto("/dashboard")
  await page.getByRole("heading", { level: 1 }).waitFor()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await arrive(page, "/")
}

/** Opens the list of sessions. */
export async function toSecurity(page) {
  await page.goto("/account/security")
  await page.getByText("This device").waitFor()
}

/** Ends the only other session in the list of sessions. */
export async function signOutOtherDevice(page) {
  const others = page.getByRole("button", { name: "Open menu" })
  await others.click()
  const done = page.waitForResponse(/\/sessions\/\w+\/revoke/)
  await page.getByRole("menuitem", { name: "Sign out of device" }).click()
  await done
  // Clerk's component may show the old list.
  await page.reload()
  await page.getByText("This device").waitFor()
  await expect(others).toHaveCount(0)
}

/** Starts a draft in a conversation with a new persona. */
export async function startDraft(page, box, text) {
  await createPersona(page, { name: "Mira Vance", greeting: "You are up early." })
  await talkTo(page, "Mira Vance")
  await box(page).fill(text)
}

export const signedOutDialog = (page) => page.getByRole("dialog", { name: "You were signed out" })

/** Returns a function that waits until the API rejects the page's current token. */
export async function refusalOf(page) {
  const token = await page.evaluate(() => window.Clerk.session.getToken())
  return () => becomes(401, "/api/me", { authorization: `Bearer ${token}` })
}

/** Sends a focus event, which makes ClerkJS check the session. */
export async function comeBackTo(page, expected) {
  await expect(async () => {
    await page.evaluate(() => window.dispatchEvent(new Event("focus")))
    await expected.waitFor({ timeout: 1_000 })
  }).toPass({ timeout: 30_000 })
}

/** Waits until the path has this status, because webhooks are asynchronous. */
export async function becomes(status, path, headers = {}) {
  const answers = async () => {
    const answer = await fetch(new URL(path, ORIGIN), { headers })
    await answer.body?.cancel()
    return answer.status
  }
  await expect.poll(answers, `status of ${path}`).toBe(status)
}

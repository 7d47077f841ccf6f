// One person, several sessions: seen, ended, ended all at once; and never at the price of what was being written.
import { expect, test } from "./support/test.mjs"
import { arrive, comeBackTo, connectWebhooks, refusalOf, signOut, signOutOtherDevice, signedOutDialog, startDraft, toSecurity } from "./support/accounts.mjs"
import { composer, newPerson, signIn } from "./support/people.mjs"

test.beforeAll(connectWebhooks)

const DRAFT = "I was going to say"
// Chromium logs the answers to a session that has ended.
const REFUSED = /status of 40[14]/

/** The same person, signed in by a second browser. */
const signedIn = (email, visit) => async (page) => {
  await page.goto("/sign-in")
  await signIn(page, email)
  await arrive(page, "/dashboard")
  await visit(page)
}

/** A message that was refused takes a moment to come back. */
const hasDraft = (page) => expect(page.locator("textarea").first()).toHaveValue(DRAFT)

/** The draft is there behind the dialog, after it, and after signing in again. */
async function keepsDraft(page, email) {
  await signedOutDialog(page).waitFor()
  await page.getByRole("button", { name: "Stay here" }).click()
  await hasDraft(page)
  const { pathname } = new URL(page.url())
  await page.reload()
  await arrive(page, "/sign-in")
  await signIn(page, email)
  await arrive(page, pathname)
  await hasDraft(page)
}

test("a device that is signed out from another one notices, and keeps the draft", async ({ page, consoleErrors, elsewhere }) => {
  consoleErrors.allow(REFUSED)
  const email = await newPerson(page)
  await startDraft(page, composer, DRAFT)
  await elsewhere(signedIn(email, async (other) => {
    await toSecurity(other)
    await signOutOtherDevice(other)
    await comeBackTo(page, signedOutDialog(page))
  }))
  await keepsDraft(page, email)
})

test("a message sent from a session that has ended comes back into the box", async ({ page, consoleErrors, elsewhere }) => {
  consoleErrors.allow(REFUSED)
  const email = await newPerson(page)
  await startDraft(page, composer, DRAFT)
  await elsewhere(signedIn(email, async (other) => {
    const refused = await refusalOf(page)
    await toSecurity(other)
    await signOutOtherDevice(other)
    await refused()
    await composer(page).press("Enter")
    await signedOutDialog(page).waitFor()
  }))
  await keepsDraft(page, email)
})

test("signing in again from the dialog leads back to the draft", async ({ page, context, consoleErrors }) => {
  consoleErrors.allow(REFUSED)
  const email = await newPerson(page)
  await startDraft(page, composer, DRAFT)
  const talk = new URL(page.url()).pathname
  const tab = await context.newPage()
  await signOut(tab)
  await signedOutDialog(page).waitFor()
  await page.getByRole("button", { name: "Sign in again" }).click()
  await arrive(page, "/sign-in")
  await signIn(page, email)
  await arrive(page, talk)
  await hasDraft(page)
})

test("signing in again in another tab closes the dialog", async ({ page, context, consoleErrors }) => {
  consoleErrors.allow(REFUSED)
  const email = await newPerson(page)
  await startDraft(page, composer, DRAFT)
  const tab = await context.newPage()
  await signOut(tab)
  await signedOutDialog(page).waitFor()
  await tab.goto("/sign-in")
  await signIn(tab, email)
  await arrive(tab, "/dashboard")
  await comeBackTo(page, page.getByRole("button", { name: "Account menu" }))
  await signedOutDialog(page).waitFor({ state: "detached" })
  await hasDraft(page)
  await composer(page).press("Enter")
  await page.getByRole("article", { name: "You" }).getByText(DRAFT, { exact: true }).waitFor()
  await page.getByText(`You said: ${DRAFT}`, { exact: true }).waitFor()
})

test("signing out everywhere ends every session, this one too", async ({ page, consoleErrors, elsewhere }) => {
  consoleErrors.allow(REFUSED)
  const email = await newPerson(page)
  await startDraft(page, composer, DRAFT)
  await elsewhere(signedIn(email, async (other) => {
    await toSecurity(other)
    // A third session begins after the list was read: it must not be forgotten.
    await elsewhere(signedIn(email, async (third) => {
      await other.getByRole("button", { name: "Sign out everywhere" }).click()
      await other.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click()
      await other.getByRole("button", { name: "Sign out everywhere" }).click()
      await other.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).click()
      await arrive(other, "/")
      for (const ended of [other, third]) {
        await ended.goto("/dashboard")
        await arrive(ended, "/sign-in")
      }
    }))
  }))
  await comeBackTo(page, signedOutDialog(page))
  await keepsDraft(page, email)
})

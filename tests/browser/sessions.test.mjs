// One person, several sessions: seen, ended, ended all at once; and never at the price of what was being written.
import { before, test } from "node:test"
import { asVisitor, useBrowser } from "./support/browser.mjs"
import { arrive, comeBackTo, connectWebhooks, refusalOf, signOut, signOutOtherDevice, signedOutDialog, startDraft, toSecurity } from "./support/accounts.mjs"
import { composer, newPerson, signIn } from "./support/people.mjs"

useBrowser()
before(connectWebhooks)

const DRAFT = "I was going to say"
// A session that has ended is refused; Chromium logs every refusal.
const REFUSED = { allows: /status of 40[14]/ }

/** The same person in a second browser. */
async function elsewhere(email, visit) {
  await asVisitor(async (page) => {
    await page.goto("/sign-in")
    await signIn(page, email)
    await arrive(page, "/dashboard")
    await visit(page)
  }, REFUSED)
}

/** A message that was refused takes a moment to come back. */
const hasDraft = (page) => page.waitForFunction((text) => document.querySelector("textarea")?.value === text, DRAFT)

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

test("a device that is signed out from another one notices, and keeps the draft", async () => {
  await asVisitor(async (page) => {
    const email = await newPerson(page)
    await startDraft(page, composer, DRAFT)
    await elsewhere(email, async (other) => {
      await toSecurity(other)
      await signOutOtherDevice(other)
      await comeBackTo(page, signedOutDialog(page))
    })
    await keepsDraft(page, email)
  }, REFUSED)
})

test("a message sent from a session that has ended comes back into the box", async () => {
  await asVisitor(async (page) => {
    const email = await newPerson(page)
    await startDraft(page, composer, DRAFT)
    await elsewhere(email, async (other) => {
      const refused = await refusalOf(page)
      await toSecurity(other)
      await signOutOtherDevice(other)
      await refused()
      await composer(page).press("Enter")
      await signedOutDialog(page).waitFor()
    })
    await keepsDraft(page, email)
  }, REFUSED)
})

test("signing in again from the dialog leads back to the draft", async () => {
  await asVisitor(async (page, context) => {
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
  }, REFUSED)
})

test("signing in again in another tab closes the dialog", async () => {
  await asVisitor(async (page, context) => {
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
  }, REFUSED)
})

test("signing out everywhere ends every session, this one too", async () => {
  await asVisitor(async (page) => {
    const email = await newPerson(page)
    await startDraft(page, composer, DRAFT)
    await elsewhere(email, async (other) => {
      await toSecurity(other)
      // A third session begins after the list was read: it must not be forgotten.
      await elsewhere(email, async (third) => {
        await other.getByRole("button", { name: "Sign out everywhere" }).click()
        await other.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click()
        await other.getByRole("button", { name: "Sign out everywhere" }).click()
        await other.getByRole("alertdialog").getByRole("button", { name: "Sign out everywhere" }).click()
        await arrive(other, "/")
        for (const ended of [other, third]) {
          await ended.goto("/dashboard")
          await arrive(ended, "/sign-in")
        }
      })
    })
    await comeBackTo(page, signedOutDialog(page))
    await keepsDraft(page, email)
  }, REFUSED)
})

// Several sessions of a user: list, end one, end all. Drafts survive the end of a session.
import { expect, test } from "./support/test.mjs"
import { arrive, comeBackTo, connectWebhooks, refusalOf, signOut, signOutOtherDevice, signedOutDialog, startDraft, toSecurity } from "./support/accounts.mjs"
import { composer, newPerson, signIn } from "./support/people.mjs"

test.beforeAll(connectWebhooks)

const DRAFT = "I was going to say"
// Chromium logs the 401 responses to an ended session.
const REFUSED = /status of 40[14]/

/** The same user in a second browser. */
const signedIn = (email, visit) => async (page) => {
  await page.goto("/sign-in")
  await signIn(page, email)
  await arrive(page, "/dashboard")
  await visit(page)
}

/** A rejected message returns to the text field after a moment. */
const hasDraft = (page) => expect(page.locator("textarea").first()).toHaveValue(DRAFT)

/** The draft is kept behind the dialog, after it, and after sign-in. */
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

test("a session ended on another device shows the dialog and keeps the draft", async ({ page, consoleErrors, elsewhere }) => {
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

test("a message sent from an ended session returns to the text field", async ({ page, consoleErrors, elsewhere }) => {
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

test("sign-in from the dialog returns to the draft", async ({ page, context, consoleErrors }) => {
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

test("sign-in in another tab closes the dialog", async ({ page, context, consoleErrors }) => {
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

test("signing out everywhere ends every session", async ({ page, consoleErrors, elsewhere }) => {
  consoleErrors.allow(REFUSED)
  const email = await newPerson(page)
  await startDraft(page, composer, DRAFT)
  await elsewhere(signedIn(email, async (other) => {
    await toSecurity(other)
    // A third session that started after the list was loaded must end too.
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

// The main journey of a user: sign up, create a persona, talk to it, return, log out.
import { MODEL, PHONE } from "./support/parts.mjs"
import { expect, test } from "./support/test.mjs"
import { composer, createPersona, newPerson, say, signIn, signUp, talkTo } from "./support/people.mjs"

const MIRA = {
  name: "Mira Vance",
  tagline: "Harbour pilot with a story for every tide",
  description: "{{char}} has guided ships through fog for twenty years.",
  greeting: "You are up early, {{user}}.",
}
const reply = (page, text) => page.getByRole("article", { name: MIRA.name }).getByText(text)

test("a visitor signs up, creates a persona, talks to it and logs out", async ({ page, consoleErrors }) => {
  consoleErrors.allow(/status of (401|422)/)
  await page.goto("/")
  await page.getByRole("link", { name: "Create your first persona" }).first().click()
  const email = await signUp(page, { wrongCodeFirst: true })
  await page.waitForURL(/\/(dashboard|personas\/new)$/)

  await page.goto("/personas/new")
  await page.getByRole("button", { name: "Create", exact: true }).click()
  await page.getByText("Give your persona a name.").first().waitFor()
  await createPersona(page, MIRA)

  await talkTo(page, MIRA.name)
  await reply(page, "You are up early, Ada.").waitFor()
  await say(page, "What is fog?")
  await reply(page, "You said: What is fog?").waitFor()
  await say(page, "[[count 3]] and again")
  await reply(page, "1 2 3").waitFor()
  const asked = await (await fetch(`${MODEL}/_requests`)).json()
  const turns = asked.filter((body) => body.messages.at(-1).content.includes("and again")).at(-1).messages
  const isFirst = (turn) => turn.role === "user" && turn.content.includes("What is fog?")
  expect(turns.some(isFirst), "the second turn knows the first").toBe(true)

  await say(page, "[[hold]]")
  await reply(page, "one two").waitFor()
  await page.getByRole("button", { name: "Stop the reply" }).click()
  await page.getByText("Stopped.").waitFor()
  await page.reload()
  for (const text of ["You are up early, Ada.", "You said: What is fog?", "1 2 3", "one two"]) {
    await reply(page, text).first().waitFor()
  }

  await page.goto("/dashboard")
  await page.getByText("one two").first().waitFor()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menuitem", { name: "Sign out" }).click()
  await page.waitForURL((url) => url.pathname === "/")
  await page.goto("/dashboard")
  await page.waitForURL("**/sign-in**")

  await page.goto("/personas/new")
  await page.waitForURL("**/sign-in**")
  await signIn(page, email)
  await page.waitForURL("**/personas/new")
})

test("a failure of the model keeps the question and the partial reply", async ({ page }) => {
  await newPerson(page)
  await createPersona(page, MIRA)
  await talkTo(page, MIRA.name)
  await say(page, "[[once status 503]] are you there?")
  await page.getByRole("button", { name: "Retry" }).click()
  await reply(page, "Recovered.").waitFor()

  await say(page, "[[cut]]")
  await reply(page, "half of").waitFor()
  await page.getByRole("button", { name: "Continue" }).waitFor()
  await page.reload()
  await reply(page, "half of").waitFor()
  await page.getByRole("button", { name: "Retry" }).waitFor()
})

test("a reload keeps typed text", async ({ page }) => {
  await newPerson(page)
  await page.goto("/personas/new")
  await page.locator('[name="name"]').fill("Half a thought")
  await page.getByText(/kept on this device/i).first().waitFor()
  await page.reload()
  await expect(page.locator('[name="name"]')).toHaveValue("Half a thought")

  await createPersona(page, MIRA)
  await talkTo(page, MIRA.name)
  await composer(page).fill("I was going to say")
  await page.waitForFunction(() => Object.values(localStorage).some((value) => value.includes("I was going to say")))
  await page.reload()
  await expect(composer(page)).toHaveValue("I was going to say")
})

test("deleting a persona can be undone", async ({ page }) => {
  await newPerson(page)
  await createPersona(page, MIRA)
  await page.goto("/dashboard")
  await page.getByRole("button", { name: `More for ${MIRA.name}` }).click()
  await page.getByRole("menuitem", { name: /delete/i }).click()
  await page.getByRole("button", { name: "Undo" }).click()
  await page.getByRole("heading", { name: MIRA.name }).or(page.getByText(MIRA.name)).first().waitFor()
  await page.reload()
  await page.getByText(MIRA.name).first().waitFor()
})

test.describe("on a phone, in the dark", () => {
  test.use({ viewport: PHONE, colorScheme: "dark" })

  test("sending and stopping works with the keyboard on a narrow screen", async ({ page }) => {
    await newPerson(page)
    await createPersona(page, MIRA)
    await talkTo(page, MIRA.name)
    await composer(page).focus()
    await page.keyboard.type("[[hold]]")
    await page.keyboard.press("Enter")
    await reply(page, "one two").waitFor()
    await page.keyboard.press("Escape")
    await page.getByText("Stopped.").waitFor()
  })
})

// Sign-up and sign-in by every method, the account page, and the deletion of an account.
import { expect, test } from "./support/test.mjs"
import { arrive, asGoogler, becomes, byPhone, connectWebhooks, signOut, testNumber, toGoogle, toSecurity } from "./support/accounts.mjs"
import { newPerson, signUp, testAddress, typeCode } from "./support/people.mjs"

test.beforeAll(connectWebhooks)

const greeting = (page, name) => page.getByRole("heading", { name: `Hello, ${name}.` })

/** The paths of requested documents. */
function documents(page) {
  const paths = []
  page.on("request", (request) => {
    if (request.isNavigationRequest()) paths.push(new URL(request.url()).pathname)
  })
  return paths
}

const focused = (page, text) => expect(page.locator(":focus")).toHaveText(text)

test("sign-up and sign-in by phone", async ({ page }) => {
  const number = testNumber()
  await page.goto("/sign-up")
  await page.locator('input[name="firstName"]').fill("Ada")
  await byPhone(page, number)
  await arrive(page, "/dashboard")
  await greeting(page, "Ada").waitFor()
  await signOut(page)

  await page.goto("/sign-in")
  await byPhone(page, number)
  await arrive(page, "/dashboard")
  await greeting(page, "Ada").waitFor()
})

test("a wrong code is rejected and the right one accepted", async ({ page, consoleErrors }) => {
  consoleErrors.allow(/status of 422/)
  const email = await newPerson(page)
  await signOut(page)
  await page.goto("/sign-in")
  await page.locator('input[name="identifier"]').fill(email)
  await page.keyboard.press("Enter")
  await typeCode(page, "111111")
  await page.getByText(/incorrect/i).first().waitFor()
  await expect(page.locator('input[autocomplete="one-time-code"]')).toHaveValue("")
  await typeCode(page)
  await arrive(page, "/dashboard")
})

test("sign-up and sign-in with Google", async ({ page }) => {
  const email = testAddress()
  const visited = documents(page)
  await page.goto("/sign-in")
  await toGoogle(page)
  await asGoogler(page, { email, firstName: "Grace" })
  await arrive(page, "/dashboard")
  await greeting(page, "Grace").waitFor()
  const way = visited.slice(-3)
  expect(way[0]).toMatch(/\/sso-callback$/)
  expect(way.slice(1)).toEqual(["/auth/callback", "/dashboard"])
  await signOut(page)

  await page.goto("/sign-up")
  await toGoogle(page)
  await asGoogler(page, { email })
  await arrive(page, "/dashboard")
  await greeting(page, "Grace").waitFor()
})

test("sign-in with Google returns to the requested page, also after a cancelled attempt", async ({ page, consoleErrors }) => {
  consoleErrors.allow(/status of 4/)
  await page.goto("/personas/new")
  await arrive(page, "/sign-in")
  await toGoogle(page)
  await page.getByRole("button", { name: "Cancel" }).click()
  await page.getByText("You did not grant access to your account.").waitFor()

  await toGoogle(page)
  await asGoogler(page, { email: testAddress(), firstName: "Grace" })
  await arrive(page, "/personas/new")
  await page.locator('[name="name"]').waitFor()
})

test("/sso-callback completes sign-up and sign-in", async ({ page }) => {
  const email = testAddress()
  const start = async () => {
    await page.goto("/sign-in?redirect_url=/personas/new")
    await page.locator('input[name="identifier"]').waitFor()
    // Like a custom button instead of Clerk's form.
    await page.evaluate(() =>
      window.Clerk.client.signIn.authenticateWithRedirect({
        strategy: "oauth_google",
        redirectUrl: "/sso-callback?redirect_url=/personas/new",
        redirectUrlComplete: "/auth/callback?redirect_url=/personas/new",
      }),
    )
    await page.getByRole("heading", { name: "Choose an account" }).waitFor()
  }
  const visited = documents(page)
  await start()
  await asGoogler(page, { email, firstName: "Grace" })
  await arrive(page, "/personas/new")
  expect(visited.slice(-3)).toEqual(["/sso-callback", "/auth/callback", "/personas/new"])
  await signOut(page)

  await start()
  await asGoogler(page, { email })
  await arrive(page, "/personas/new")
  expect(visited.slice(-3)).toEqual(["/sso-callback", "/auth/callback", "/personas/new"])
})

test("the account menu works from the keyboard, and the account page changes the name", async ({ page }) => {
  const email = await newPerson(page)
  await greeting(page, "Ada").waitFor()
  await page.getByRole("button", { name: "Account menu" }).focus()
  await page.keyboard.press("Enter")
  await page.getByRole("menu").getByText(email).waitFor()
  await page.keyboard.press("Escape")
  await page.getByRole("menu").waitFor({ state: "detached" })
  await expect(page.getByRole("button", { name: "Account menu" })).toBeFocused()
  await page.keyboard.press("Enter")
  await focused(page, "Manage account")
  await page.keyboard.press("ArrowDown")
  await focused(page, "Sign out")
  await page.keyboard.press("ArrowUp")
  await focused(page, "Manage account")
  await page.keyboard.press("Enter")
  await arrive(page, "/account")

  await page.getByRole("button", { name: "Update profile" }).click()
  await page.getByRole("textbox", { name: "First name" }).fill("Augusta")
  await page.getByRole("textbox", { name: "Last name" }).fill("King")
  await page.getByRole("button", { name: "Save" }).click()
  await page.getByText("Augusta King").first().waitFor()

  await page.goto("/dashboard")
  await greeting(page, "Augusta").waitFor()
  await page.getByRole("button", { name: "Account menu" }).click()
  await page.getByRole("menu").getByText("Augusta King").waitFor()
})

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
)

test("a deleted account is erased with all its data", async ({ page, consoleErrors }) => {
  consoleErrors.allow(/status of 401/)
  const email = await newPerson(page)
  await page.goto("/personas/new")
  await page.locator('input[type="file"]').setInputFiles({ name: "mira.png", mimeType: "image/png", buffer: PICTURE })
  await page.getByRole("button", { name: "Remove" }).waitFor()
  await page.locator('[name="name"]').fill("Mira Vance")
  await page.getByRole("button", { name: "Create", exact: true }).click()
  await page.waitForURL(/\/personas\/[0-9a-f-]{36}$/)
  await page.goto("/dashboard")
  const picture = await page.locator('img[src^="/api/files/"]').first().getAttribute("src")
  await becomes(200, picture)

  await toSecurity(page)
  await page.getByRole("button", { name: "Delete account" }).click()
  await page.getByText("are deleted too").waitFor()
  const last = page.getByRole("button", { name: "Delete account" })
  await expect(last).toBeDisabled()
  await page.getByRole("textbox", { name: /Delete account/ }).fill("Delete account")
  await last.click()
  await arrive(page, "/")
  await page.goto("/dashboard")
  await arrive(page, "/sign-in")
  await becomes(404, picture)

  await page.goto("/sign-up")
  await signUp(page, { email })
  await arrive(page, "/dashboard")
  await page.getByRole("link", { name: "Create your first persona" }).waitFor()
  await expect(page.getByText("Mira Vance")).toHaveCount(0)
})

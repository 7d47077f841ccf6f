// Both supported major versions of ClerkJS on a minimal page with the emulator.
import { verifyToken } from "@clerk/backend"
import { EMULATOR } from "./support/parts.mjs"
import { onBarePage } from "./support/bare-page.mjs"
import { expect, test } from "./support/test.mjs"
import { control, signOutOtherDevice } from "./support/accounts.mjs"
import { testAddress, typeCode } from "./support/people.mjs"

for (const version of [5, 6]) {
  test(`ClerkJS ${version} signs in by e-mail code, gets tokens, and lists and ends sessions`, async ({ page, consoleErrors }) => {
    // These pages load the Google logo from Clerk's host.
    consoleErrors.allow(/img\.clerk\.com/)
    const email = testAddress()
    const user = await control("users", { email, first_name: "Ada" })
    await onBarePage(version, async (origin) => {
      await page.goto(`${origin}/`)
      expect(await page.evaluate(() => window.Clerk.version)).toMatch(new RegExp(`^${version}\\.`))
      await page.locator('input[name="identifier"]').fill(email)
      await page.keyboard.press("Enter")
      await typeCode(page)
      await page.getByText(`Signed in as ${email}`).waitFor()

      const token = await page.evaluate(() => window.Clerk.session.getToken({ skipCache: true }))
      const { public_pem: jwtKey } = await (await fetch(`${EMULATOR}/_emulator/keys`)).json()
      const claims = await verifyToken(token, { jwtKey, authorizedParties: [origin] })
      expect(claims.sub).toBe(user.id)

      await control("sessions", { user_id: user.id, origin })
      await page.goto(`${origin}/account#/security`)
      await signOutOtherDevice(page)

      // Not awaited in the page, which this leaves.
      await page.evaluate(() => void window.Clerk.signOut({ redirectUrl: "/" }))
      await page.locator('input[name="identifier"]').waitFor()
      // The page still sends requests to the server.
      await page.close()
    })
  })
}

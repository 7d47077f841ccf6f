// ClerkJS itself, both supported major versions, on a bare page in front of the emulator.
import assert from "node:assert/strict"
import { test } from "node:test"
import { verifyToken } from "@clerk/backend"
import { onBarePage } from "./support/bare-page.mjs"
import { EMULATOR, asVisitor, useBrowser } from "./support/browser.mjs"
import { control, signOutOtherDevice } from "./support/accounts.mjs"
import { testAddress, typeCode } from "./support/people.mjs"

useBrowser()

// Clerk's own picture of Google lives on Clerk's host, and these pages do not replace it.
const BARE = { allows: /img\.clerk\.com/ }

for (const version of [5, 6]) {
  test(`ClerkJS ${version} signs in by e-mail code, gets tokens, and lists and ends sessions`, async () => {
    const email = testAddress()
    const user = await control("users", { email, first_name: "Ada" })
    await onBarePage(version, async (origin) => {
      await asVisitor(async (page) => {
        await page.goto(`${origin}/`)
        assert.match(await page.evaluate(() => window.Clerk.version), new RegExp(`^${version}\\.`))
        await page.locator('input[name="identifier"]').fill(email)
        await page.keyboard.press("Enter")
        await typeCode(page)
        await page.getByText(`Signed in as ${email}`).waitFor()

        const token = await page.evaluate(() => window.Clerk.session.getToken({ skipCache: true }))
        const { public_pem: jwtKey } = await (await fetch(`${EMULATOR}/_emulator/keys`)).json()
        const claims = await verifyToken(token, { jwtKey, authorizedParties: [origin] })
        assert.equal(claims.sub, user.id)

        await control("sessions", { user_id: user.id, origin })
        await page.goto(`${origin}/account#/security`)
        await signOutOtherDevice(page)

        await page.evaluate(() => window.Clerk.signOut({ redirectUrl: "/" }))
        await page.locator('input[name="identifier"]').waitFor()
      }, BARE)
    })
  })
}

// Cards: what other programs wrote into one outlives the editor.
import { expect, test } from "./support/test.mjs"
import { newPerson } from "./support/people.mjs"

const CARD =
  '{"vendor":[[1.10,[]]],"first_mes":"Hi {{user}}.","character_book":{"x_book":1e400,"entries":[{"x_entry":{"b":1,"a":2},"keys":["k"],' +
  '"content":"c","id":123456789012345678901234567890}]},"creator":"Somebody","extensions":{"talkativeness":0.50,"a/b":{"c":[null]}},' +
  '"assets":[{"x_asset":-0.0}],"alternate_greetings":["Other"],"tags":["Deep  Sea"],"personality":"one\\r\\ntwo","name":"Mira"}'

/** A request of the person on this page; answers text, for its numbers. */
async function ask(page, method, path, body) {
  await page.waitForFunction(() => window.Clerk?.session)
  const send = async ({ method, path, body }) => {
    const token = await window.Clerk.session.getToken()
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
    return (await fetch(path, { method, headers, body })).text()
  }
  return page.evaluate(send, { method, path, body })
}

const cardIn = (answer) => answer.slice(answer.indexOf('"card" : ') + '"card" : '.length, -1)

test("editing a field leaves the rest of a card as it was", async ({ page }) => {
  await newPerson(page)
  const created = await ask(page, "POST", "/api/personas", `{"card":${CARD}}`)
  expect(cardIn(created)).toBe(CARD)
  const { id } = JSON.parse(created)

  await page.goto(`/personas/${id}`)
  const description = page.locator('[name="description"]')
  await description.fill("A first thought")
  // A field that is visited and not changed.
  await page.locator('[name="personality"]').focus()
  await page.locator('[name="scenario"]').focus()
  await page.getByText(/kept on this device/i).first().waitFor()
  await page.reload()
  await expect(description).toHaveValue("A first thought")
  await description.fill("New words")
  const saved = page.waitForResponse((response) => response.request().method() === "PUT")
  await page.getByRole("button", { name: "Save", exact: true }).click()
  expect((await saved).status()).toBe(200)

  const stored = await ask(page, "GET", `/api/personas/${id}`)
  expect(cardIn(stored)).toBe(`${CARD.slice(0, -1)},"description":"New words"}`)
})

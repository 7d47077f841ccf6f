// A page with only ClerkJS, on its own origin, with a proxy to the emulator.
import { createServer, request } from "node:http"
import { EMULATOR } from "./parts.mjs"

const KEY = `pk_test_${Buffer.from("persona-local-1.clerk.accounts.dev$").toString("base64")}`

/** The scripts of ClerkJS on Clerk's host, by major version. Since 6 the components are a separate script. */
const SCRIPTS = {
  5: ["clerk-js@5/dist/clerk.browser.js"],
  6: ["clerk-js@6/dist/clerk.browser.js", "ui@1/dist/ui.browser.js"],
}

const document = (version) => `<!doctype html><html lang="en"><title>ClerkJS ${version}</title><link rel="icon" href="data:,">
<div id="app"></div>
<script>window.__clerk_publishable_key = ${JSON.stringify(KEY)}; window.__clerk_proxy_url = "/__clerk"</script>
${SCRIPTS[version].map((file) => `<script src="/__clerk/npm/@clerk/${file}"></script>`).join("\n")}
<script type="module">
  await window.Clerk.load({ ui: { ClerkUI: window.__internal_ClerkUICtor }, telemetry: false })
  const app = document.getElementById("app")
  if (location.pathname === "/account") window.Clerk.mountUserProfile(app)
  else if (!window.Clerk.user) window.Clerk.mountSignIn(app, { forceRedirectUrl: "/" })
  else app.textContent = "Signed in as " + window.Clerk.user.primaryEmailAddress.emailAddress
</script></html>`

/** Serves the page during `visit` and returns its result. */
export async function onBarePage(version, visit) {
  const server = createServer((incoming, outgoing) => {
    if (!incoming.url.startsWith("/__clerk/")) {
      outgoing.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(document(version))
      return
    }
    const origin = `http://${incoming.headers.host}`
    const target = new URL(EMULATOR)
    const headers = {
      ...incoming.headers,
      host: target.host,
      "clerk-proxy-url": `${origin}/__clerk`,
      "x-forwarded-for": "127.0.0.1",
      "x-forwarded-host": incoming.headers.host,
      "x-forwarded-proto": "http",
    }
    const path = incoming.url.slice("/__clerk".length)
    const onward = request({ host: target.hostname, port: target.port, path, method: incoming.method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on("error", () => outgoing.writeHead(502).end())
    incoming.pipe(onward)
  })
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve))
  try {
    return await visit(`http://localhost:${server.address().port}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

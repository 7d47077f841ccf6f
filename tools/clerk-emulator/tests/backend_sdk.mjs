// Runs `@clerk/backend` against a running emulator: `node backend_sdk.mjs <emulator> <npm root>`.
// It must accept the emulator's tokens, complete handshakes in both states, refresh, and read a user.
import assert from "node:assert/strict";
import path from "node:path";
import { pathToFileURL } from "node:url";

const [emulator, npmRoot] = process.argv.slice(2);
process.env.CLERK_TELEMETRY_DISABLED = "1";
const sdk = pathToFileURL(path.join(npmRoot, "@clerk/backend/dist/index.mjs"));
const { createClerkClient } = await import(sdk.href);

const publishableKey = "pk_test_cGVyc29uYS1sb2NhbC0xLmNsZXJrLmFjY291bnRzLmRldiQ=";
const origin = "http://localhost:4336";
const proxyUrl = `${origin}/__clerk`;
const client = createClerkClient({ publishableKey, secretKey: "sk_test_persona_local", apiUrl: emulator });

const control = async (path, body) => {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(emulator + path, { method: "POST", headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};
const authenticate = (url, headers) =>
  client.authenticateRequest(new Request(url, { headers }), { publishableKey, proxyUrl, authorizedParties: [origin] });
const jar = (cookies) => Object.entries(cookies).map(([name, value]) => `${name}=${value}`).join("; ");
const page = (cookies) => ({ "sec-fetch-dest": "document", accept: "text/html", cookie: jar(cookies) });

const user = await control("/_emulator/users", { email: "sdk+clerk_test@example.com", first_name: "Sue" });
const session = await control("/_emulator/sessions", { user_id: user.id, origin });

const bearer = await authenticate(`${origin}/api/me`, { authorization: `Bearer ${session.jwt}` });
assert.equal(bearer.status, "signed-in", bearer.reason);
assert.equal(bearer.toAuth().userId, user.id);
const foreign = await control("/_emulator/tokens", { session_id: session.session_id, origin: "http://evil.example" });
const refused = await authenticate(`${origin}/api/me`, { authorization: `Bearer ${foreign.jwt}` });
assert.equal(refused.reason, "token-invalid-authorized-parties");

// Follows the SDK's redirects of a document, like a browser behind the proxy, until there are none.
async function load(url, cookies) {
  for (let hop = 0; hop < 6; hop += 1) {
    const state = await authenticate(url, page(cookies));
    const take = (line) => {
      const [name, value] = line.split(";")[0].split(/=(.*)/s);
      if (value === "") delete cookies[name];
      else cookies[name] = value;
    };
    state.headers.getSetCookie().forEach(take);
    const location = state.headers.get("location");
    if (!location) return { state, hop };
    if (!location.startsWith(proxyUrl)) {
      url = location;
      continue;
    }
    const headers = { "clerk-proxy-url": proxyUrl, cookie: jar(cookies) };
    const answer = await fetch(location.replace(proxyUrl, emulator), { headers, redirect: "manual" });
    assert.equal(answer.status, 307, await answer.text());
    answer.headers.getSetCookie().forEach(take);
    url = answer.headers.get("location");
  }
  throw new Error("redirect loop");
}

const newBrowser = {};
const first = await load(`${origin}/dashboard`, newBrowser);
assert.equal(first.state.status, "signed-out", first.state.reason);
assert.ok(newBrowser.__clerk_db_jwt.startsWith("dvb_"));

const { __clerk_db_jwt } = session.cookies;
const bare = { __clerk_db_jwt, __client_uat: session.cookies.__client_uat };
const afterHandshake = await load(`${origin}/dashboard`, bare);
assert.equal(afterHandshake.state.status, "signed-in", afterHandshake.state.reason);
assert.equal(afterHandshake.hop, 2);

const old = await control("/_emulator/tokens", { session_id: session.session_id, origin, ttl_s: -30 });
for (const name of Object.keys(bare)) if (name.startsWith("__session")) bare[name] = old.jwt;
const refreshed = await load(`${origin}/dashboard`, bare);
assert.equal(refreshed.state.status, "signed-in", refreshed.state.reason);
assert.equal(refreshed.hop, 0, "the refresh cookie saves the redirect");

assert.equal((await client.users.getUser(user.id)).firstName, "Sue");
assert.equal((await client.sessions.revokeSession(session.session_id)).status, "revoked");
const after = await load(`${origin}/dashboard`, { __clerk_db_jwt, __client_uat: session.cookies.__client_uat });
assert.equal(after.state.status, "signed-out");
await client.users.deleteUser(user.id);
await assert.rejects(client.users.getUser(user.id), { status: 404 });
console.log("ok");

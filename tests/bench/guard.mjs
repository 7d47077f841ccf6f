// The cost of the sign-in guard: a guarded route and an open one of the same function, asked in turns on one connection, so
// that a busy machine slows both. Every route is answered before the database is needed. The first ratio, a page against
// itself, is the noise of the others.

import { Agent } from "node:http";

import { ask } from "./client.mjs";
import { heading, median, ratios, row } from "./figures.mjs";

/** Requests to each of the two routes in a round. */
const ASKED_IN_A_ROUND = 100;
/** Requests to each route before the measurement. */
const WARM_UP = 300;

export async function guard(bench) {
  const runtime = await bench.site();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const timed = async ({ path, status, headers }) => {
    const answer = await ask({ port: runtime.ports.get("site"), path, headers, agent });
    if (answer.status !== status) throw new Error(`${path} is answered ${answer.status}, not ${status}: ${answer.body}`);
    return answer.ms;
  };
  const lines = [heading("a guarded route over an open one, median time")];
  for (const [name, guarded, open] of pairs(bench.world)) {
    for (let turn = 0; turn < WARM_UP; turn += 1) for (const one of [guarded, open]) await timed(one);
    const rounds = [];
    for (let round = 0; round < bench.rounds; round += 1) {
      bench.progress(`${name}, round ${round + 1} of ${bench.rounds}`);
      rounds.push(await oneRound(timed, guarded, open));
    }
    lines.push(row(name, ratios(rounds.map(([ours]) => ours), rounds.map(([, theirs]) => theirs))));
  }
  agent.destroy();
  await runtime.stop();
  return lines;
}

async function oneRound(timed, guarded, open) {
  const times = { guarded: [], open: [] };
  for (let turn = 0; turn < ASKED_IN_A_ROUND; turn += 1) {
    // The second request may find warmer caches, so the order alternates.
    for (const side of turn % 2 === 0 ? ["guarded", "open"] : ["open", "guarded"]) {
      times[side].push(await timed(side === "guarded" ? guarded : open));
    }
  }
  return [median(times.guarded), median(times.open)];
}

function pairs(world) {
  const [person] = world.people;
  const { host } = world.headers(person);
  const page = (path) => ({ path, status: 200, headers: { host, cookie: person.cookies, "sec-fetch-dest": "document" } });
  const api = (path, status, token) => ({ path, status, headers: { host, authorization: `Bearer ${token}` } });
  // An invalid parameter: rejected after authentication and before the database.
  const guarded = (status, token) => api("/api/dashboard/personas?after=x", status, token);
  const open = (token) => api("/api/dashboard/none?after=x", 404, token);
  const forged = forgedToken(person.token);
  return [
    ["an open page / itself", page("/sign-in"), page("/sign-in")],
    ["a page, signed in / an open page", page("/dashboard"), page("/sign-in")],
    ["API, a token seen before / API, open", guarded(400, person.token), open(person.token)],
    ["API, a forged token / API, open", guarded(401, forged), open(forged)],
  ];
}

/** The same token with a wrong signature. */
function forgedToken(token) {
  const [header, claims, signature] = token.split(".");
  // The last letter of a 256-byte signature has unused bits, which must be zero.
  return `${header}.${claims}.${[...signature].reverse().slice(1).join("")}A`;
}

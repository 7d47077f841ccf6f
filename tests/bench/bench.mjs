// Compares the functions with the peer on plain workerd. `cargo xtask bench` builds and starts the rest and passes the
// addresses. docs/performance.md explains the result.
//
//   node bench.mjs [--rounds N] [PHASE…]

import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { parse } from "smol-toml";

import { PHASES } from "./phases.mjs";
import { Runtime, peerWorker, productWorker } from "./runtime.mjs";
import { USERS_NAMESPACE, World } from "./world.mjs";

/** The functions that are compared with the peer. */
const MEASURED = ["dashboard-data", "persona-create", "persona-talk"];

/** Addresses and paths, set by xtask. */
const {
  PERSONA_ROOT: root,
  PERSONA_BENCH_FOLDER: folder,
  PERSONA_BENCH_VARIABLES: variables,
  PERSONA_DATABASE_URL: database,
  PERSONA_PGBOUNCER_URL: pooler,
  PERSONA_EMULATOR: emulator,
  PERSONA_MODEL: modelUrl,
  PERSONA_ORIGIN: origin,
} = process.env;

class Bench {
  functions = MEASURED;
  bundle = join(folder, "peer.js");
  modelPort = Number(new URL(modelUrl).port);
  #pair;

  constructor(rounds, world) {
    this.rounds = rounds;
    this.world = world;
    this.variables = {
      ...JSON.parse(variables),
      CLERK_JWT_KEY: world.publicKey,
      CLERK_AUTHORIZED_PARTIES: origin,
    };
    this.date = parse(readFileSync(join(root, "wrangler.toml"), "utf8")).compatibility_date;
  }

  /** The folder of a function's release build. */
  build = (name) => join(folder, name);

  /** Starts the product's functions and the peer, each in one process. */
  async pair() {
    if (!this.#pair) {
      this.#pair = [this.product("persona", MEASURED), this.peer("peer")];
      for (const runtime of this.#pair) await runtime.start();
    }
    return this.#pair;
  }

  async stop() {
    for (const runtime of this.#pair ?? []) await runtime.stop();
    this.#pair = undefined;
  }

  /** Functions of the product in one process, not started. */
  product(name, functions, more = {}) {
    const workers = functions.map((one) =>
      productWorker(one, {
        wrangler: join(root, one === "site" ? "." : `functions/${one}`, "wrangler.toml"),
        build: this.build(one),
        variables: this.variables,
        services: one === "site" ? [["ASSETS", "assets"], ["DASHBOARD_DATA", "dashboard-data"]] : [],
      }),
    );
    return this.#runtime(name, workers, more);
  }

  peer(name) {
    const bound = { ...this.variables, USERS_NAMESPACE };
    return this.#runtime(name, [peerWorker({ bundle: this.bundle, date: this.date, variables: bound })]);
  }

  #runtime(name, workers, more = {}) {
    const workerd = join(root, "node_modules/workerd/bin/workerd");
    return new Runtime(name, { folder, workerd, database: new URL(pooler).host, workers, ...more });
  }

  /** Starts the site and one function. */
  async site() {
    const assets = `(name = "assets", disk = (path = ${JSON.stringify(join(root, "static/dist"))}))`;
    const runtime = this.product("site", ["site", "dashboard-data"], { extra: [assets] });
    await runtime.start();
    return runtime;
  }

  /** The worker of a runtime that handles a function's routes. */
  workerOf(runtime, name) {
    return runtime.workers.some((worker) => worker.name === name) ? name : "peer";
  }

  progress(words) {
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${words}`);
  }
}

function bundlePeer(bundle) {
  const flags = ["--bundle", "--minify", "--format=esm", "--loader:.sql=text", `--outfile=${bundle}`, "--log-level=warning"];
  const platform = ["--conditions=workerd,worker,browser", "--external:node:*", "--external:cloudflare:*"];
  const app = join(import.meta.dirname, "peer/app.mjs");
  execFileSync(join(root, "node_modules/.bin/esbuild"), [app, ...flags, ...platform], { stdio: "inherit" });
}

async function main() {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: "string", default: "7" } },
    allowPositionals: true,
  });
  const chosen = positionals.length > 0 ? positionals : Object.keys(PHASES);
  const unknown = chosen.find((phase) => !(phase in PHASES));
  if (unknown) throw new Error(`there is no phase ${unknown}; there are: ${Object.keys(PHASES).join(", ")}`);

  const world = await World.make({ origin, emulator, database });
  const bench = new Bench(Number(values.rounds), world);
  bundlePeer(bench.bundle);
  bench.model = fork(join(import.meta.dirname, "model.mjs"), [String(bench.modelPort)]);
  await once(bench.model, "message");
  for (const phase of chosen) {
    const lines = await PHASES[phase](bench);
    bench.progress("");
    console.log(lines.join("\n"));
  }
  await bench.stop();
  bench.model.disconnect();
  await world.end();
}

for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(130));
await main().catch((error) => {
  console.error(`\n${error.stack}`);
  process.exit(1);
});

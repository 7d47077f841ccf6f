// workerd processes: configuration, CPU time and memory.

import { spawn } from "node:child_process";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { parse } from "smol-toml";

import { ask } from "./client.mjs";

/** Clock ticks per second in /proc/<pid>/stat: always 100 on Linux. */
const TICKS_PER_SECOND = 100;
const START_TIMEOUT_MS = 20_000;

const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** One workerd process with a socket for each of its workers. */
export class Runtime {
  #folder;
  #workerd;
  #child;

  /** `workers`: `{ name, modules, bindings, flags, ... }`, see productWorker and peerWorker. */
  constructor(name, { folder, workerd, database, workers, extra = [] }) {
    this.name = name;
    this.#folder = folder;
    this.#workerd = workerd;
    this.workers = workers;
    this.database = database;
    this.extra = extra;
  }

  /** Starts it and waits until every socket is open. */
  async start() {
    await this.launch();
    const deadline = Date.now() + START_TIMEOUT_MS;
    for (const port of this.ports.values()) {
      while (!(await ask({ port, path: "/" }).catch(() => null))) {
        if (Date.now() > deadline || this.#child.exitCode !== null) {
          throw new Error(`${this.name} does not start: see ${this.#log}`);
        }
        await sleep(20);
      }
    }
  }

  /** Starts it without waiting. */
  async launch() {
    this.ports ??= new Map(await Promise.all(this.workers.map(async ({ name }) => [name, await freePort()])));
    mkdirSync(this.objects, { recursive: true });
    const file = join(this.#folder, `${this.name}.capnp`);
    writeFileSync(file, configuration(this));
    const log = openSync(this.#log, "a");
    this.#child = spawn(this.#workerd, ["serve", "--experimental", file], { stdio: ["ignore", log, log] });
    running.add(this.#child);
  }

  /** The folder of its Durable Objects. */
  get objects() {
    return join(this.#folder, `objects-${this.name}`);
  }

  get #log() {
    return join(this.#folder, `${this.name}.log`);
  }

  get pid() {
    return this.#child.pid;
  }

  /** CPU time of the process in seconds. */
  get cpuSeconds() {
    // The name can contain spaces. utime and stime are fields 14 and 15 of proc_pid_stat(5).
    const fields = readFileSync(`/proc/${this.pid}/stat`, "utf8").split(") ").at(-1).split(" ");
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory in MB. */
  get rssMb() {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.pid}/status`, "utf8"));
    return Number(kib) / 1024;
  }

  async stop() {
    const child = this.#child;
    const exit = new Promise((resolve) => child.once("exit", resolve));
    child.kill();
    await exit;
    running.delete(child);
  }
}

/** A function of the product, with the bindings of its wrangler.toml that the measured routes need. */
export function productWorker(name, { wrangler, build, variables, services = [] }) {
  const config = parse(readFileSync(wrangler, "utf8"));
  const objects = config.durable_objects?.bindings ?? [];
  return {
    name,
    date: config.compatibility_date,
    flags: config.compatibility_flags ?? [],
    modules: [module("esModule", join(build, "index.js")), module("wasm", join(build, "index_bg.wasm"))],
    bindings: [
      ...Object.entries(variables).map(([key, value]) => `(name = ${quoted(key)}, text = ${quoted(value)})`),
      ...(config.hyperdrive ?? []).map(({ binding }) => hyperdrive(binding)),
      ...objects.map((one) => `(name = ${quoted(one.name)}, durableObjectNamespace = ${quoted(one.class_name)})`),
      ...services.map(([binding, service]) => `(name = ${quoted(binding)}, service = ${quoted(service)})`),
    ],
    objects: objects.map((one) => one.class_name),
  };
}

/** The peer, bundled by esbuild. */
export function peerWorker({ bundle, date, variables }) {
  return {
    name: "peer",
    date,
    flags: [],
    modules: [module("esModule", bundle)],
    bindings: [
      ...Object.entries(variables).map(([key, value]) => `(name = ${quoted(key)}, text = ${quoted(value)})`),
      hyperdrive("DB"),
    ],
    objects: [],
  };
}

/** Paths in the configuration are relative to its file. */
function module(kind, file) {
  const embedded = relative(process.env.PERSONA_BENCH_FOLDER, file);
  return `(name = ${quoted(basename(file))}, ${kind} = embed ${quoted(embedded)})`;
}

function hyperdrive(binding) {
  const { username, password, pathname } = new URL(process.env.PERSONA_PGBOUNCER_URL);
  return (
    `(name = ${quoted(binding)}, hyperdrive = (designator = "database", database = ${quoted(pathname.slice(1))}, ` +
    `user = ${quoted(username)}, password = ${quoted(password)}, scheme = "postgresql"))`
  );
}

/** In the notation of Cap'n Proto. */
function configuration({ workers, ports, database, extra, objects }) {
  const sockets = workers.map(
    (worker) =>
      `(name = ${quoted(worker.name)}, address = "127.0.0.1:${ports.get(worker.name)}", ` +
      `http = (), service = ${quoted(worker.name)})`,
  );
  const services = [
    ...workers.map((worker) => `(name = ${quoted(worker.name)}, worker = ${workerDefinition(worker)})`),
    `(name = "database", external = (address = ${quoted(database)}, tcp = ()))`,
    `(name = "internet", network = (allow = ["public", "private", "local"]))`,
    `(name = "objects", disk = (path = ${quoted(objects)}, writable = true))`,
    ...extra,
  ];
  return (
    `using Workerd = import "/workerd/workerd.capnp";\nconst config :Workerd.Config = (\n` +
    `sockets = [\n${sockets.join(",\n")}\n],\nservices = [\n${services.join(",\n")}\n]);\n`
  );
}

function workerDefinition({ name, date, flags, modules, bindings, objects }) {
  const namespaces = objects.map(
    (one) => `(className = ${quoted(one)}, uniqueKey = ${quoted(`${name}-${one}`)}, enableSql = true)`,
  );
  // On disk, because with `inMemory` an alarm terminates the process (workerd #7191).
  const storage =
    objects.length > 0
      ? `, durableObjectNamespaces = [${namespaces.join(", ")}], durableObjectStorage = (localDisk = "objects")`
      : "";
  return (
    `(compatibilityDate = ${quoted(date)}, compatibilityFlags = [${flags.map(quoted).join(", ")}], ` +
    `bindings = [${bindings.join(", ")}], modules = [${modules.join(", ")}]${storage})`
  );
}

const quoted = (text) => JSON.stringify(String(text));

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// The phases of the benchmark. A phase returns rows of the table. A ratio is the product's value divided by the peer's in
// the same round.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Agent } from "node:http";

import { ask, load, replies, reply } from "./client.mjs";
import { heading, median, ratios, rotated, row } from "./figures.mjs";
import { guard } from "./guard.mjs";
import { DELTAS } from "./model.mjs";

/** Seconds of load, and of warm-up, for each of the two in a round. */
const ROUND_S = 3;
const WARM_UP_S = 1;
/** Requests before the created personas are deleted, so that no user reaches the limit of personas. */
const BURST_POSTS = 1_000;
const POSTS = 20_000;
const REPLIES = 1_000;
const WARM_UP_REPLIES = 160;
/** Parallel conversations. With pauses between deltas more are needed to keep the runtime busy. */
const BUSY_TALKS = 8;
const PAUSED_TALKS = 32;
const PAUSE_MS = 5;
/** Replies per round, of whose first delta the median is taken. */
const FIRST_DELTAS = 9;
const COLD_STARTS_A_ROUND = 3;
/** Longer than the runtime keeps an idle Durable Object in memory. */
const REST_MS = 15_000;

export const PHASES = { guard, dashboard, create, talk, first, cold, size, memory };

/** Parallel requests to one route. */
async function route(bench, title, worker, next) {
  const pair = await bench.pair();
  for (const runtime of pair) await load(runtime, bench.workerOf(runtime, worker), next, { seconds: WARM_UP_S });
  const measured = await rounds(bench, pair, async (runtime) => {
    await bench.world.clear();
    return load(runtime, bench.workerOf(runtime, worker), next, { seconds: ROUND_S });
  });
  return [
    heading(title),
    row("requests a second", measured("perSecond"), "more is better"),
    row("99th percentile of latency", measured("p99"), "less is better"),
    row("processor time a request", measured("cpu"), "less is better"),
  ];
}

function dashboard(bench) {
  return route(bench, "GET /api/dashboard", "dashboard-data", bench.world.dashboard);
}

function create(bench) {
  return route(bench, "POST /api/personas", "persona-create", bench.world.create);
}

/** Runs every round for both, alternately. Returns a function that gives the ratios of one figure. */
async function rounds(bench, pair, measure) {
  const results = new Map(pair.map((runtime) => [runtime, []]));
  for (let round = 0; round < bench.rounds; round += 1) {
    bench.progress(`round ${round + 1} of ${bench.rounds}`);
    for (const runtime of rotated(pair, round)) results.get(runtime).push(await measure(runtime));
  }
  const [ours, theirs] = pair.map((runtime) => results.get(runtime));
  return (figure) => ratios(ours.map((one) => one[figure]), theirs.map((one) => one[figure]));
}

/** Replies of 200 deltas, from a model that does not pause and from one that does. */
async function talk(bench) {
  const pair = await bench.pair();
  const lines = [];
  for (const [pauseMs, atOnce] of [[0, BUSY_TALKS], [PAUSE_MS, PAUSED_TALKS]]) {
    bench.model.send(pauseMs);
    const measured = await rounds(bench, pair, async (runtime) => {
      await bench.world.fill();
      const talks = bench.world.conversations.slice(0, atOnce);
      const worker = bench.workerOf(runtime, "persona-talk");
      await replies(runtime, worker, talks, atOnce, DELTAS);
      return replies(runtime, worker, talks, pauseMs > 0 ? atOnce * 2 : atOnce * 12, DELTAS);
    });
    lines.push(
      heading(`a reply, ${pauseMs} ms between deltas, ${atOnce} at once`),
      row("deltas a second", measured("perSecond"), "more is better"),
      row("processor time a delta", measured("cpu"), "less is better"),
    );
  }
  return lines;
}

/** The time that the function adds to the model's first delta. */
async function first(bench) {
  const pair = await bench.pair();
  bench.model.send(PAUSE_MS);
  const agent = new Agent({ keepAlive: true });
  const completion = { port: bench.modelPort, method: "POST", path: "/v1/chat/completions", body: "{}", agent };
  const repeated = async (measure) => {
    const values = [];
    for (let turn = 0; turn < FIRST_DELTAS; turn += 1) values.push(await measure(turn));
    return median(values);
  };
  await bench.world.fill();
  for (const runtime of pair) {
    await replies(runtime, bench.workerOf(runtime, "persona-talk"), bench.world.conversations.slice(0, FIRST_DELTAS), 16, DELTAS);
  }
  const measured = await rounds(bench, pair, async (runtime) => {
    const own = await repeated(async () => (await ask({ ...completion, until: /content/ })).firstMs);
    const worker = bench.workerOf(runtime, "persona-talk");
    const whole = await repeated((turn) => reply(runtime, worker, bench.world.conversations[turn], agent));
    return { added: whole - own };
  });
  agent.destroy();
  return [heading("a reply's first delta"), row("time added to the model's own", measured("added"), "less is better")];
}

/** The time from starting a process with one function to its first response. */
async function cold(bench) {
  await bench.stop();
  const lines = [heading("cold start")];
  const routes = { "dashboard-data": bench.world.dashboard, "persona-create": bench.world.create };
  for (const [worker, next] of Object.entries(routes)) {
    const pair = [bench.product(`cold-${worker}`, [worker]), bench.peer("cold-peer")];
    const measured = await rounds(bench, pair, async (runtime) => {
      const times = [];
      for (let start = 0; start < COLD_STARTS_A_ROUND; start += 1) times.push(await coldStart(bench, runtime, worker, next()));
      return { ms: median(times) };
    });
    lines.push(row(`${worker}, start to first answer`, measured("ms"), "less is better"));
  }
  return lines;
}

async function coldStart(bench, runtime, worker, request) {
  const started = performance.now();
  await runtime.launch();
  let answer = null;
  while (!answer) {
    answer = await ask({ ...request, port: runtime.ports.get(bench.workerOf(runtime, worker)) }).catch(() => null);
    if (!answer) await sleep(1);
  }
  const ms = performance.now() - started;
  await runtime.stop();
  if (answer.status >= 300) throw new Error(`${runtime.name} answers ${answer.status} to its first request: ${answer.body}`);
  return ms;
}

/** The compressed size of code and WASM. */
function size(bench) {
  const gzip = (file) => gzipSync(readFileSync(file), { level: 9 }).length;
  const theirs = gzip(bench.bundle);
  const lines = [`\n${"gzip size over the peer's".padEnd(46)} ${"ratio".padStart(6)}`];
  for (const name of bench.functions) {
    const files = readdirSync(bench.build(name)).filter((file) => /\.(js|wasm)$/.test(file));
    const ours = files.map((file) => gzip(join(bench.build(name), file))).reduce((a, b) => a + b, 0);
    lines.push(`  ${name.padEnd(44)} ${(ours / theirs).toFixed(2).padStart(6)}  ${Math.round(ours / 1000)} KB`);
  }
  return lines;
}

/** Resident memory of new processes after a warm-up and after many more requests. */
async function memory(bench) {
  await bench.stop();
  const pair = await bench.pair();
  bench.model.send(0);
  await bench.world.fill();
  const talk = (runtime, total) =>
    replies(runtime, bench.workerOf(runtime, "persona-talk"), bench.world.conversations.slice(0, BUSY_TALKS), total, DELTAS);
  const post = async (runtime, total) => {
    for (let sent = 0; sent < total; sent += BURST_POSTS) {
      await load(runtime, bench.workerOf(runtime, "persona-create"), bench.world.create, { amount: BURST_POSTS });
      await bench.world.clear();
    }
  };
  const lines = [`\n${"resident memory, MB".padEnd(46)} ${"before".padStart(6)} ${"after".padStart(6)} ${"rested".padStart(6)}`];
  for (const [title, work, warmUp, total] of [
    [`${REPLIES} replies`, talk, WARM_UP_REPLIES, REPLIES],
    [`${POSTS} POSTs`, post, POSTS / 10, POSTS],
  ]) {
    for (const runtime of pair) {
      bench.progress(`${title}, ${runtime.name}`);
      // New conversations, because each runtime tracks their newest message.
      await bench.world.fill();
      await work(runtime, warmUp);
      const before = runtime.rssMb;
      await work(runtime, total);
      const after = runtime.rssMb;
      await sleep(REST_MS);
      const figures = [before, after, runtime.rssMb].map((mb) => String(Math.round(mb)).padStart(6));
      lines.push(`  ${`${title}, ${runtime.name}`.padEnd(44)} ${figures.join(" ")}  ${(after / before).toFixed(2)} times`);
    }
  }
  return lines;
}

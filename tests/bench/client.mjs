// HTTP clients: a single request, load for some time, or streamed replies.

import { Agent, request } from "node:http";

import autocannon from "autocannon";

/** Parallel requests: enough to keep the runtime busy, fewer than the pooler's connections. */
const CONNECTIONS = 16;

/** Sends one request. Returns `{ status, firstMs, ms, body }`; `firstMs` is the time of the first match of `until`. */
export function ask({ port, method = "GET", path, headers = {}, body, agent, until }) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const lasted = () => performance.now() - started;
    const length = body && { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const options = { host: "127.0.0.1", port, method, path, agent, headers: { ...length, ...headers } };
    const sent = request(options, (response) => {
      const chunks = [];
      let firstMs = null;
      response.on("data", (chunk) => {
        if (until && firstMs === null && until.test(chunk.toString("latin1"))) firstMs = lasted();
        chunks.push(chunk);
      });
      response.on("error", reject);
      response.on("end", () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode, firstMs, ms: lasted(), body: text });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/**
 * Sends requests of `next` for `seconds`, or `amount` of them. Throws if any status is not 2xx, because failed requests
 * would distort the figures.
 */
export async function load(runtime, worker, next, { seconds, amount }) {
  const cpuBefore = runtime.cpuSeconds;
  const latencies = [];
  let failed;
  const run = autocannon({
    url: `http://127.0.0.1:${runtime.ports.get(worker)}`,
    connections: CONNECTIONS,
    ...(amount ? { amount } : { duration: seconds }),
    requests: [{ setupRequest: (given) => ({ ...given, ...next() }) }],
  });
  run.on("response", (client, status, _bytes, ms) => {
    latencies.push(ms);
    if (status >= 300) {
      failed ??= status;
      run.stop();
    }
  });
  const started = performance.now();
  const result = await run;
  const elapsed = (performance.now() - started) / 1000;
  if (failed || result.errors > 0) {
    const sample = next();
    const answer = await ask({ ...sample, port: runtime.ports.get(worker) });
    throw new Error(`${runtime.name} answers ${failed ?? "nothing"} to ${sample.method} ${sample.path}: ${answer.body}`);
  }
  latencies.sort((a, b) => a - b);
  return {
    perSecond: latencies.length / elapsed,
    p99: latencies[Math.floor(latencies.length * 0.99)],
    cpu: (runtime.cpuSeconds - cpuBefore) / latencies.length,
  };
}

/** Requests `total` replies in parallel `conversations`, one at a time in each. */
export async function replies(runtime, worker, conversations, total, deltas) {
  const agent = new Agent({ keepAlive: true, maxSockets: conversations.length });
  const cpuBefore = runtime.cpuSeconds;
  const started = performance.now();
  let left = total;
  const talk = async (conversation) => {
    while (left > 0) {
      left -= 1;
      await reply(runtime, worker, conversation, agent);
    }
  };
  await Promise.all(conversations.map(talk));
  const elapsed = (performance.now() - started) / 1000;
  agent.destroy();
  return {
    perSecond: (total * deltas) / elapsed,
    cpu: (runtime.cpuSeconds - cpuBefore) / (total * deltas),
  };
}

/** Reads one reply to its end. Returns the time to its first delta in milliseconds. */
export async function reply(runtime, worker, conversation, agent) {
  const { request, done } = conversation.ask();
  const answer = await ask({ ...request, port: runtime.ports.get(worker), agent, until: /event: delta/ });
  if (answer.status !== 200 || !/"status":"done"/.test(answer.body)) {
    throw new Error(`${runtime.name} answers ${answer.status} to a message: ${answer.body.slice(-500)}`);
  }
  done();
  return answer.firstMs;
}

// A scripted model for tests, with the same API, no weights and no randomness.
//
//   node scripted.mjs --port 8791
//
// A marker in the last user message selects the behavior:
//   [[count N]]     "1 2 … N ", a number a chunk     [[slow N]]    the same, 100 ms apart
//   [[hold]]        "one two ", then nothing until the client disconnects or POST /_release
//   [[status N]]    that HTTP status                 [[cut]]       "half of ", then the end of the stream
//   [[error]]       "half of ", then an error event  [[filter]]    "I can", finish_reason content_filter
//   [[reason]]      reasoning, then "answer"         [[garbage]]   a page of HTML with status 200
//   [[length N]]    N numbers, finish_reason length
// Anything else: "You said: …". `[[once …]]` applies only the first time that this exact message is
// seen; after that the reply is "Recovered.".
//
// GET /_requests: the newest 50 bodies, newest last. DELETE /_requests deletes them.

import { setTimeout as sleep } from "node:timers/promises";

import {
  Completion,
  HttpError,
  hangUpSignal,
  modelList,
  readArguments,
  readJson,
  readMessages,
  sendJson,
  serve,
} from "./wire.mjs";

const MODEL = "scripted";
const KEPT_REQUESTS_MAX = 50;
const SLOW_MS = 100;
const MARKER = /\[\[(once )?(count|slow|hold|status|cut|error|filter|reason|garbage|length)(?: (\d+))?\]\]/;

const { port } = readArguments({ port: 8791 });
let requests = [];
const seenOnce = new Set();
/** Called by POST /_release. */
let releases = new Set();

serve(port, {
  "GET /health": (_request, response) => sendJson(response, 200, { status: "ok", model: MODEL }),
  "GET /v1/models": (_request, response) => sendJson(response, 200, modelList(MODEL)),
  "GET /_requests": (_request, response) => sendJson(response, 200, requests),
  "DELETE /_requests": (_request, response) => {
    requests = [];
    sendJson(response, 200, {});
  },
  "POST /_release": (_request, response) => {
    const released = releases.size;
    for (const release of releases) release();
    releases = new Set();
    sendJson(response, 200, { released });
  },
  "POST /v1/chat/completions": complete,
});

async function complete(request, response) {
  const body = await readJson(request);
  const messages = readMessages(body);
  requests = [...requests, body].slice(-KEPT_REQUESTS_MAX);

  const question = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const signal = hangUpSignal(response);
  const { action, count } = actionOf(question);
  if (action === "status") throw statusError(count);
  if (action === "garbage") {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html><body><h1>Bad gateway</h1></body></html>");
    return;
  }
  const play = SCRIPTS[action];
  const completion = new Completion(response, body, MODEL);
  const finish = await play({ completion, count, question, signal, response });
  if (finish && !signal.aborted) completion.finish(finish, usageOf(messages, count));
}

function actionOf(question) {
  const marker = MARKER.exec(question);
  if (!marker) return { action: "echo", count: 0 };
  const [, once, action, digits] = marker;
  if (once && seenOnce.has(question)) return { action: "recovered", count: 0 };
  if (once) seenOnce.add(question);
  return { action, count: Number(digits ?? 0) };
}

/** Each returns its finish_reason, or nothing if it ended the stream itself. */
const SCRIPTS = {
  echo({ completion, question }) {
    for (const piece of `You said: ${question}`.match(/[^]{1,6}/gu)) completion.text(piece);
    return "stop";
  },
  recovered({ completion }) {
    completion.text("Recovered.");
    return "stop";
  },
  count({ completion, count }) {
    for (let number = 1; number <= count; number += 1) completion.text(`${number} `);
    return "stop";
  },
  length(scene) {
    SCRIPTS.count(scene);
    return "length";
  },
  async slow({ completion, count, signal }) {
    for (let number = 1; number <= count && !signal.aborted; number += 1) {
      completion.text(`${number} `);
      await sleep(SLOW_MS);
    }
    return "stop";
  },
  async hold({ completion, signal }) {
    completion.text("one ");
    completion.text("two ");
    await new Promise((resolve) => {
      releases.add(resolve);
      signal.addEventListener("abort", () => {
        releases.delete(resolve);
        resolve();
      });
    });
    return "stop";
  },
  cut({ completion, response }) {
    completion.text("half of ");
    response.end();
  },
  error({ completion }) {
    completion.text("half of ");
    completion.error("A scripted failure.", "server_error");
  },
  filter({ completion }) {
    completion.text("I can");
    return "content_filter";
  },
  reason({ completion }) {
    completion.reasoning("thinking ");
    completion.text("answer");
    return "stop";
  },
};

function statusError(status) {
  const headers = status === 429 || status === 503 ? { "retry-after": "7" } : {};
  return new HttpError(status || 500, `A scripted response with status ${status}.`, { headers });
}

/** Counts words as tokens, so that the result is deterministic. */
function usageOf(messages, count) {
  const words = messages.flatMap(({ content }) => content.split(/\s+/u)).filter(Boolean);
  return { prompt_tokens: words.length, completion_tokens: Math.max(1, count) };
}

// The HTTP layer of an OpenAI-compatible chat server, shared by the real and the scripted one: JSON
// requests, JSON responses, errors and chunk streams.

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";

/** The largest request body. A prompt of 4,096 tokens takes about 20 kB. */
const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** An error response in OpenAI's format. */
export class HttpError extends Error {
  constructor(status, message, { code = null, headers = {} } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Parses `--name value` pairs. Exits for a missing value or a name that is not in `defaults`. */
export function readArguments(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, { type: "string" }]));
  try {
    const given = Object.entries(parseArgs({ options }).values);
    const typed = given.map(([name, value]) => [name, typeof defaults[name] === "number" ? Number(value) : value]);
    return { ...defaults, ...Object.fromEntries(typed) };
  } catch (error) {
    console.error(error.message);
    process.exit(2);
  }
}

/** Serves `routes` ("METHOD /path" → handler) on the loopback interface until SIGINT or SIGTERM. */
export function serve(port, routes) {
  const server = createServer(async (request, response) => {
    try {
      const { pathname } = new URL(request.url, "http://localhost");
      const handler = routes[`${request.method} ${pathname}`];
      if (!handler) throw new HttpError(404, `There is no ${request.method} ${pathname} here.`);
      await handler(request, response);
    } catch (error) {
      sendError(response, error);
    }
  });
  server.on("error", (error) => {
    console.error(`Cannot listen on port ${port}: ${error.message}`);
    process.exit(1);
  });
  server.listen(port, "127.0.0.1", () => console.log(`Listening on http://127.0.0.1:${port}`));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));
}

/** The body of a request as an object. */
export async function readJson(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new HttpError(413, "The request is too large.");
    chunks.push(chunk);
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString("utf8"));
    if (body !== null && typeof body === "object" && !Array.isArray(body)) return body;
  } catch {
    // Handled below.
  }
  throw new HttpError(400, "The body is not a JSON object.");
}

/** `messages` of a request, each with its text in `content`. */
export function readMessages(body) {
  const { messages } = body;
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new HttpError(400, "`messages` must be a non-empty list.");
  }
  return messages.map((message) => {
    const role = message?.role;
    if (!["system", "developer", "user", "assistant"].includes(role)) {
      throw new HttpError(400, `\`messages\` has an unknown role: ${JSON.stringify(role ?? null)}.`);
    }
    return { role: role === "developer" ? "system" : role, content: textOf(message.content) };
  });
}

function textOf(content) {
  if (typeof content === "string") return content;
  if (content === null || content === undefined) return "";
  if (Array.isArray(content)) return content.map((piece) => piece?.text ?? "").join("");
  throw new HttpError(400, "`content` must be a string or a list of text parts.");
}

export function sendJson(response, status, value, headers = {}) {
  const body = JSON.stringify(value);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}

/** Sends an error response, or ends a response whose headers are sent. */
export function sendError(response, error) {
  const known = error instanceof HttpError;
  if (!known) console.error(error);
  if (response.headersSent) {
    response.end();
    return;
  }
  const status = known ? error.status : 500;
  const type = status === 429 ? "rate_limit_error" : status < 500 ? "invalid_request_error" : "server_error";
  const message = known ? error.message : "The model server failed.";
  sendJson(response, status, { error: { message, type, param: null, code: error.code ?? null } }, error.headers);
}

/** A completion, sent as a stream of chunks or as one response at the end. */
export class Completion {
  #response;
  #body;
  #id = `chatcmpl-${randomUUID()}`;
  #created = Math.floor(Date.now() / 1000);
  #model;
  #text = "";
  #reasoning = "";

  constructor(response, body, model) {
    this.#response = response;
    this.#body = body;
    this.#model = model;
    if (body.stream) {
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" });
      this.#send([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]);
    }
  }

  /** Sends text of the reply. */
  text(text) {
    this.#text += text;
    this.#delta({ content: text });
  }

  /** Sends reasoning. */
  reasoning(text) {
    this.#reasoning += text;
    this.#delta({ reasoning_content: text });
  }

  /** Sends a keep-alive comment. */
  comment(words) {
    if (this.#body.stream) this.#response.write(`: ${words}\n\n`);
  }

  /** Sends an error, in the stream if there is one. */
  error(message, code) {
    if (!this.#body.stream) throw new HttpError(500, message, { code });
    this.#response.write(`data: ${JSON.stringify({ error: { message, type: "server_error", code } })}\n\n`);
    this.#response.end();
  }

  /** Ends the completion. `usage` is {prompt_tokens, completion_tokens}. */
  finish(reason, usage) {
    const counted = { ...usage, total_tokens: usage.prompt_tokens + usage.completion_tokens };
    if (this.#body.stream) {
      this.#send([{ index: 0, delta: {}, finish_reason: reason }]);
      if (this.#body.stream_options?.include_usage) this.#send([], { usage: counted });
      this.#response.end("data: [DONE]\n\n");
      return;
    }
    const message = { role: "assistant", content: this.#text };
    if (this.#reasoning) message.reasoning_content = this.#reasoning;
    const choices = [{ index: 0, message, finish_reason: reason }];
    sendJson(this.#response, 200, { ...this.#frame("chat.completion"), choices, usage: counted });
  }

  #delta(delta) {
    if (this.#body.stream) this.#send([{ index: 0, delta, finish_reason: null }]);
  }

  #send(choices, more = {}) {
    const chunk = { ...this.#frame("chat.completion.chunk"), choices, ...more };
    this.#response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  }

  #frame(object) {
    return { id: this.#id, object, created: this.#created, model: this.#model };
  }
}

/** An AbortSignal that fires when the client disconnects before the response is complete. */
export function hangUpSignal(response) {
  const controller = new AbortController();
  response.on("close", () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}

/** The response of `GET /v1/models`. */
export function modelList(id) {
  return { object: "list", data: [{ id, object: "model", created: 0, owned_by: "persona" }] };
}

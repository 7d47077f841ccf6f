// An OpenAI-compatible server for a GGUF model, for development and for hosts without a provider: one
// thread, one reply at a time.
//
//   node server.mjs --port 8791 --model FILE.gguf [--context 4096] [--threads 1]

import { basename } from "node:path";

import { getLlama, LlamaChat, LlamaLogLevel, resolveChatWrapper } from "node-llama-cpp";

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

/** The length of the request queue. Further requests get 429. */
const WAITING_MAX = 8;
/** The interval of keep-alive comments: a long prompt takes half a minute on one core. */
const KEEP_ALIVE_MS = 10_000;
/** Small models lose coherence above this temperature and repeat themselves without the penalty. */
const DEFAULTS = { temperature: 0.5, repeatPenalty: 1.15, maxTokens: 512 };

const options = readArguments({ port: 8791, model: "", context: 4096, threads: 1 });
if (!options.model) {
  console.error("The option --model FILE.gguf is required.");
  process.exit(2);
}
const modelName = basename(options.model, ".gguf");

let engine = null;
serve(options.port, {
  "GET /health": (_request, response) => {
    sendJson(response, engine ? 200 : 503, { status: engine ? "ok" : "loading", model: modelName });
  },
  "GET /v1/models": (_request, response) => sendJson(response, 200, modelList(modelName)),
  "POST /v1/chat/completions": complete,
});
load().then(
  (loaded) => {
    engine = loaded;
    console.log(`${modelName} is ready.`);
  },
  (error) => {
    console.error(`Cannot load ${options.model}: ${error.message}`);
    process.exit(1);
  },
);

async function load() {
  // Uses the prebuilt binaries of the package.
  const llama = await getLlama({ gpu: false, build: "never", maxThreads: options.threads, logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: options.model });
  const contextSize = Math.min(options.context, model.trainContextSize ?? options.context);
  const context = await model.createContext({ contextSize, threads: options.threads });
  const sequence = context.getSequence();
  // Detecting the chat template takes seconds, so it is done once.
  const chatWrapper = resolveChatWrapper(model);
  const chat = new LlamaChat({ contextSequence: sequence, chatWrapper });
  const count = (history) =>
    chatWrapper.generateContextState({ chatHistory: history }).contextText.tokenize(model.tokenizer).length;
  return { chat, sequence, contextSize, count };
}

let lastInQueue = Promise.resolve();
let waiting = 0;

/** Runs `work` after all earlier work. The sequence caches tokens, so a prompt with the same prefix is fast. */
function enqueue(work) {
  waiting += 1;
  const result = lastInQueue.then(() => {
    waiting -= 1;
    return work();
  });
  lastInQueue = result.catch(() => {});
  return result;
}

async function complete(request, response) {
  const body = await readJson(request);
  const history = historyOf(readMessages(body));
  const settings = settingsOf(body);
  if (!engine) throw new HttpError(503, "The model is still loading.", { headers: { "retry-after": "5" } });
  if (waiting >= WAITING_MAX) {
    throw new HttpError(429, "Too many requests are waiting.", { code: "rate_limit_exceeded", headers: { "retry-after": "10" } });
  }
  const promptTokens = engine.count(history);
  if (promptTokens >= engine.contextSize) {
    const message = `The prompt has ${promptTokens} tokens; the context window is ${engine.contextSize}.`;
    throw new HttpError(400, message, { code: "context_length_exceeded" });
  }
  const signal = hangUpSignal(response);
  const completion = new Completion(response, body, modelName);
  const keepAlive = setInterval(() => completion.comment("waiting"), KEEP_ALIVE_MS);
  try {
    await enqueue(() => generate({ history, settings, signal, completion, promptTokens }));
  } catch (error) {
    if (signal.aborted) return;
    console.error(error);
    completion.error("The model failed.", "model_failed");
  } finally {
    clearInterval(keepAlive);
  }
}

async function generate({ history, settings, signal, completion, promptTokens }) {
  if (signal.aborted) return;
  const { chat, sequence } = engine;
  const before = sequence.tokenMeter.getState();
  const { metadata } = await chat.generateResponse(history, {
    ...settings,
    signal,
    stopOnAbortSignal: true,
    onResponseChunk: ({ type, text }) => {
      if (text === "") return;
      if (type === "segment") completion.reasoning(text);
      else completion.text(text);
    },
  });
  if (signal.aborted) return;
  completion.finish(metadata.stopReason === "maxTokens" ? "length" : "stop", {
    prompt_tokens: promptTokens,
    completion_tokens: sequence.tokenMeter.diff(before).usedOutputTokens,
  });
}

/** The messages in the format of node-llama-cpp. A trailing assistant message is continued. */
function historyOf(messages) {
  const history = messages.map(({ role, content }) =>
    role === "assistant" ? { type: "model", response: [content] } : { type: role, text: content },
  );
  if (history.at(-1).type !== "model") history.push({ type: "model", response: [] });
  return history;
}

/** The supported settings of a request. */
function settingsOf(body) {
  const number = (name, low, high, otherwise) => {
    const value = body[name] ?? otherwise;
    if (value !== undefined && !(typeof value === "number" && value >= low && value <= high)) {
      throw new HttpError(400, `\`${name}\` must be a number from ${low} to ${high}.`);
    }
    return value;
  };
  const stop = [body.stop ?? []].flat();
  if (stop.length > 16 || stop.some((text) => typeof text !== "string" || text === "")) {
    throw new HttpError(400, "`stop` must be a string or a list of up to 16 strings.");
  }
  return {
    maxTokens: number("max_completion_tokens", 1, 1e6, undefined) ?? number("max_tokens", 1, 1e6, DEFAULTS.maxTokens),
    temperature: number("temperature", 0, 2, DEFAULTS.temperature),
    topP: number("top_p", 0, 1, 0.95),
    seed: number("seed", 0, 2 ** 32 - 1, undefined),
    repeatPenalty: { penalty: number("repeat_penalty", 1, 2, DEFAULTS.repeatPenalty) },
    customStopTriggers: stop,
  };
}

// A model server for benchmarks: 200 deltas per reply. The parent process sends the pause between deltas in milliseconds;
// 0 is one turn of the event loop.
//
//   fork("model.mjs", [port])

import { createServer } from "node:http";

export const DELTAS = 200;

if (process.send) {
  let pauseMs = 0;
  process.on("message", (message) => {
    pauseMs = message;
  });
  process.on("disconnect", () => process.exit());
  const frames = Array.from({ length: DELTAS }, (_, index) => frame({ content: ` word${index}` }));
  const end = `${frame({}, "stop")}data: [DONE]\n\n`;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.socket.setNoDelay(true);
      let index = 0;
      const next = () => {
        if (response.destroyed) return;
        if (index === DELTAS) {
          response.end(end);
          return;
        }
        response.write(frames[index]);
        index += 1;
        if (pauseMs > 0) setTimeout(next, pauseMs);
        else setImmediate(next);
      };
      next();
    });
  });
  server.listen(Number(process.argv[2]), "127.0.0.1", () => process.send("ready"));
}

function frame(delta, finishReason = null) {
  const chunk = {
    id: "chatcmpl-abc123def456",
    object: "chat.completion.chunk",
    created: 1_790_000_000,
    model: "scripted",
    system_fingerprint: "fp_0123456789",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
  };
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

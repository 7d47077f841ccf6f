// Downloads a file and prints its progress: `URL FILE RESPONSE-TIMEOUT-MS`.
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

const [url, file, responseTimeout] = process.argv.slice(-3);
const timeout = new AbortController();
let timer = setTimeout(() => timeout.abort(new Error("no response")), Number(responseTimeout));
try {
  const response = await fetch(url, { signal: timeout.signal });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const total = Number(response.headers.get("content-length")) || 0;
  let seen = 0;
  let reported = 0;
  const meter = new Transform({
    transform(chunk, _encoding, done) {
      // A download without data for a minute is aborted.
      clearTimeout(timer);
      timer = setTimeout(() => timeout.abort(new Error("the download has stalled")), 60_000);
      seen += chunk.length;
      if (seen - reported > 5_000_000) {
        reported = seen;
        console.log(`${Math.round(seen / 1e6)} of ${Math.round(total / 1e6)} MB`);
      }
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body), meter, createWriteStream(file));
} catch (error) {
  console.log(error.cause?.message ?? error.message);
  process.exitCode = 1;
} finally {
  clearTimeout(timer);
}

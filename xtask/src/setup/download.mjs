// Downloads one file and says how far it is: `URL FILE MILLISECONDS-UNTIL-AN-ANSWER`.
import { createWriteStream } from "node:fs";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

const [url, file, patience] = process.argv.slice(-3);
const silence = new AbortController();
let timer = setTimeout(() => silence.abort(new Error("no answer")), Number(patience));
try {
  const response = await fetch(url, { signal: silence.signal });
  if (!response.ok) throw new Error(`it answers ${response.status}`);
  const total = Number(response.headers.get("content-length")) || 0;
  let seen = 0;
  let told = 0;
  const meter = new Transform({
    transform(chunk, _encoding, done) {
      // A download that stands still for a minute is dead.
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(new Error("the download stands still")), 60_000);
      seen += chunk.length;
      if (seen - told > 5_000_000) {
        told = seen;
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

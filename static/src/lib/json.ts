/**
 * JSON that keeps every number as it is written. Cards hold ids beyond 2^53 and numbers like `1.0`, which
 * `JSON.parse` rounds or rewrites.
 */
import { LosslessNumber, parse, stringify } from "lossless-json"

/** Like `JSON.parse`; a number that a double cannot give back digit by digit is an object that prints as it was. */
export function parseExact(text: string): unknown {
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue })
}

/** Like `JSON.stringify`, also for what `parseExact` answers. */
export function stringifyExact(value: unknown): string {
  return stringify(value) ?? "null"
}

function parseNumber(digits: string): number | LosslessNumber {
  const number = Number(digits)
  return String(number) === digits ? number : new LosslessNumber(digits)
}

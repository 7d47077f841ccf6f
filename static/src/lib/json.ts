/**
 * JSON that preserves the text of numbers. Cards contain ids above 2^53 and numbers like `1.0`, which `JSON.parse`
 * rounds or reformats.
 */
import { LosslessNumber, parse, stringify } from "lossless-json"

/** Like `JSON.parse`, but a number that a double cannot represent digit by digit becomes a `LosslessNumber`. */
export function parseExact(text: string): unknown {
  return parse(text, undefined, { parseNumber, onDuplicateKey: ({ newValue }) => newValue })
}

/** Like `JSON.stringify`, also for values of `parseExact`. */
export function stringifyExact(value: unknown): string {
  return stringify(value) ?? "null"
}

function parseNumber(digits: string): number | LosslessNumber {
  const number = Number(digits)
  return String(number) === digits ? number : new LosslessNumber(digits)
}

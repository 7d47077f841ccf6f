/** The client chooses ids, so that repeated requests are idempotent. */
import { v7 } from "uuid"

/** A new UUIDv7. */
export function newId(): string {
  return v7()
}

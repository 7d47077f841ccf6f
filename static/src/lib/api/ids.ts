/** Ids are chosen here, so that a request sent twice is one request. */
import { v7 } from "uuid"

/** A new UUIDv7. */
export function newId(): string {
  return v7()
}

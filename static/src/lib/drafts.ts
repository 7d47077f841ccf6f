/**
 * Unsaved text, stored on this device. It survives a reload, a crash and a sign-out. Every key contains the user id, so
 * that users of one device do not see each other's drafts.
 */
const PREFIX = "persona:draft:"

export interface Draft<T> {
  value: T
  /** Milliseconds since 1970. */
  savedAt: number
}

/** The used part of `Storage`. */
export type DraftStorage = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">

export class Drafts {
  readonly #storage: DraftStorage | null
  readonly #now: () => number

  constructor(storage: DraftStorage | null, now: () => number = Date.now) {
    this.#storage = storage
    this.#now = now
  }

  /** The key of a draft of this user. */
  key(userId: string, ...parts: string[]): string {
    return PREFIX + [userId, ...parts].map(encodeURIComponent).join(":")
  }

  /** The stored draft, or `null` if there is none or `check` rejects it. */
  read<T>(key: string, check: (value: unknown) => value is T): Draft<T> | null {
    try {
      const draft: unknown = JSON.parse(this.#storage?.getItem(key) ?? "null")
      if (isDraft(draft) && check(draft.value)) return { value: draft.value, savedAt: draft.savedAt }
    } catch {
      // Invalid JSON, or storage is disabled.
    }
    return null
  }

  /** Stores `value` and returns whether it succeeded. If the storage is full, evicts the oldest drafts. */
  write<T>(key: string, value: T): boolean {
    const text = JSON.stringify({ value, savedAt: this.#now() } satisfies Draft<T>)
    for (;;) {
      try {
        if (!this.#storage) return false
        this.#storage.setItem(key, text)
        return true
      } catch {
        const oldest = this.#oldestBut(key)
        if (oldest === null) return false
        this.remove(oldest)
      }
    }
  }

  remove(key: string): void {
    try {
      this.#storage?.removeItem(key)
    } catch {
      // Storage is disabled: there is nothing to remove.
    }
  }

  #oldestBut(key: string): string | null {
    let oldest: { key: string; savedAt: number } | null = null
    const storage = this.#storage
    for (let index = 0; storage && index < storage.length; index++) {
      const other = storage.key(index)
      if (other === null || other === key || !other.startsWith(PREFIX)) continue
      const savedAt = this.read(other, (value): value is unknown => value !== undefined)?.savedAt ?? 0
      if (oldest === null || savedAt < oldest.savedAt) oldest = { key: other, savedAt }
    }
    return oldest?.key ?? null
  }
}

function isDraft(value: unknown): value is Draft<unknown> {
  return typeof value === "object" && value !== null && "value" in value && "savedAt" in value && typeof value.savedAt === "number"
}

export function isText(value: unknown): value is string {
  return typeof value === "string"
}

/** The drafts of this browser. Without storage, drafts are not stored. */
export const drafts = new Drafts(browserStorage())

function browserStorage(): DraftStorage | null {
  try {
    return typeof localStorage === "undefined" ? null : localStorage
  } catch {
    return null
  }
}

import { expect, it } from "vitest"

import { relativeTime } from "./time"

const NOW = Date.parse("2026-11-23T12:00:00Z")

it.each([
  ["2026-11-23T12:00:05Z", "just now"],
  ["2026-11-23T11:59:10Z", "just now"],
  ["2026-11-23T11:58:00Z", "2 minutes ago"],
  ["2026-11-23T09:00:00.123456+00:00", "2 hours ago"],
  ["2026-11-22T11:00:00Z", "yesterday"],
  ["2026-11-10T12:00:00Z", "last week"],
  ["2024-11-01T12:00:00Z", "2 years ago"],
  ["nonsense", ""],
])("formats %j as %j", (timestamp, expected) => {
  expect(relativeTime(timestamp, NOW)).toBe(expected)
})

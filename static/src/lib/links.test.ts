import { expect, test } from "vitest"

import { linkTarget } from "./links"

test.each([
  ["https://example.org/a?b#c", "example.org"],
  ["http://example.org:8080/", "example.org:8080"],
  ["https://bank.example@evil.example/", "evil.example"],
  ["https://xn--bcher-kva.example", "xn--bcher-kva.example"],
  ["https://bücher.example", "xn--bcher-kva.example"],
  ["mailto:a@example.org", "email"],
  ["javascript:alert(1)", undefined],
  ["data:text/html,hi", undefined],
  ["/account", undefined],
  ["//evil.example", undefined],
  ["", undefined],
  [undefined, undefined],
])("%s leads to %s", (href, host) => {
  expect(linkTarget(href)?.host).toBe(host)
})

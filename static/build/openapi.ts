import { readFile } from "node:fs/promises"

import type { Plugin } from "vite"

/** Adds the OpenAPI document to the assets. `site` serves it as `/api/openapi.json`. */
export function openApi(file: string): Plugin {
  return {
    name: "persona:openapi",
    apply: "build",
    async generateBundle() {
      const document: unknown = JSON.parse(await readFile(file, "utf8"))
      this.emitFile({ type: "asset", fileName: "openapi.json", source: JSON.stringify(document) })
    },
  }
}

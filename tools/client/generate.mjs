// Generates the types of the front end's API client from the OpenAPI document. `--check` only checks them.
// A separate package, because openapi-typescript needs TypeScript 5.
import { readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"

import openapiTS, { astToString } from "openapi-typescript"

const source = new URL("../../shared/api/openapi.json", import.meta.url)
const target = new URL("../../static/src/lib/wire.ts", import.meta.url)

const document = JSON.parse(await readFile(source, "utf8"))
const types = await openapiTS(document, {
  // A property with a default is optional in a request.
  defaultNonNullable: false,
  exportType: true,
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
})

const list = (name, type, values) => `export const ${name}: readonly ${type}[] = ${JSON.stringify(values, null, 2)}\n`
const text = [
  "// Generated from shared/api/openapi.json by `cargo xtask types`; do not edit.\n",
  astToString(types),
  list("PROBLEM_TYPES", "ProblemType", document.components.schemas.ProblemType.enum),
  ...Object.entries(document["x-limits"]).map(([name, limit]) => `export const ${name} = ${limit}\n`),
].join("\n")

if (!process.argv.includes("--check")) {
  await writeFile(target, text)
} else if ((await readFile(target, "utf8")) !== text) {
  console.error(`${fileURLToPath(target)} does not match shared/api/openapi.json: run \`cargo xtask types\`.`)
  process.exitCode = 1
}

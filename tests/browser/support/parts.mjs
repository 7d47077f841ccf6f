// Where the product's parts are, and the two widths that pages are made for.
export const ORIGIN = needed("PERSONA_ORIGIN")
export const MODEL = needed("PERSONA_MODEL")
export const EMULATOR = needed("PERSONA_EMULATOR")
export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

function needed(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: these tests run by \`cargo xtask test --only browser\`.`)
  return value
}

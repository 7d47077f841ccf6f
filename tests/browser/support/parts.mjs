// Addresses of the product's processes, and two viewports.
export const ORIGIN = required("PERSONA_ORIGIN")
export const MODEL = required("PERSONA_MODEL")
export const EMULATOR = required("PERSONA_EMULATOR")
export const DESKTOP = { width: 1280, height: 800 }
export const PHONE = { width: 390, height: 844 }

function required(name) {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: start these tests with \`cargo xtask test --only browser\`.`)
  return value
}

/** Expands the name macros for the preview of a greeting. The engine expands all macros. */

export function fillNames(text: string, names: { char: string; user: string }): string {
  return text.replace(/\{\{\s*(char|user)\s*\}\}|<(bot|user)>/giu, (macro, curly?: string, angled?: string) => {
    switch ((curly ?? angled)?.toLowerCase()) {
      case "char":
      case "bot":
        return names.char
      case "user":
        return names.user
      default:
        return macro
    }
  })
}

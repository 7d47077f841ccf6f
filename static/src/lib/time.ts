const UNITS: [Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
]

/** "3 hours ago", "yesterday", "just now". A time in the future, due to clock skew, is "just now". */
export function relativeTime(timestamp: string, now: number, locale = "en"): string {
  const seconds = (now - Date.parse(timestamp)) / 1000
  if (Number.isNaN(seconds)) return ""
  const unit = UNITS.find(([, length]) => seconds >= length)
  if (!unit) return "just now"
  const [name, length] = unit
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(-Math.floor(seconds / length), name)
}

/** The full date and time in the local time zone. */
export function fullTime(timestamp: string, locale = "en"): string {
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime())
    ? ""
    : new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short" }).format(date)
}

/** The heading over a day's messages: "Today", "Yesterday", "Monday, 3 March 2025". */
export function dayLabel(timestamp: string, now: Date, locale?: string): string {
  const day = new Date(timestamp)
  if (Number.isNaN(day.getTime())) return ""
  const days = Math.round((startOfDay(now) - startOfDay(day)) / 86_400_000)
  if (days <= 0) return "Today"
  if (days === 1) return "Yesterday"
  const year = day.getFullYear() === now.getFullYear() ? {} : ({ year: "numeric" } as const)
  return new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...year }).format(day)
}

/** Whether two times are on different days in the local time zone. */
export function isNewDay(earlier: string | undefined, later: string): boolean {
  return earlier === undefined || startOfDay(new Date(earlier)) !== startOfDay(new Date(later))
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()
}

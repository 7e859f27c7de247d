/** Whose reading a time is written for. */
export type Reader = { language: string; timeZone: string };

/** An instant in words, with its zone: `1 March 2026 at 12:00 UTC`. Mails are read far from any clock of ours. */
export function mailTime(at: Date, { language, timeZone }: Reader): string {
  return new Intl.DateTimeFormat(LOCALES[language] ?? language, {
    timeZone,
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZoneName: "short",
  }).format(at);
}

/** A country for those languages whose countries write days in another order. */
const LOCALES: Record<string, string | undefined> = { en: "en-GB" };

import { useTranslation } from "react-i18next";

type Props = {
  /** An instant, ISO 8601. */
  at: string;
  /** `ago` for what happened lately, `date` where the hour does not matter. */
  as?: "moment" | "date" | "ago";
};

/** An instant in the reader's own zone and language; UTC on hover and in the markup. */
export function Timestamp({ at, as = "moment" }: Props) {
  const { i18n } = useTranslation();
  return (
    <time dateTime={at} title={`${at.slice(0, 19).replace("T", " ")} UTC`}>
      {as === "ago" ? agoText(at, i18n.language) : momentText(at, regionOf(i18n.language), as)}
    </time>
  );
}

/** The reader's own way to write dates, where the browser's languages tell it: en-GB for en. */
export function regionOf(language: string): string {
  return navigator.languages.find((tag) => tag.startsWith(`${language}-`)) ?? language;
}

/** In the reader's own zone. @param language as `regionOf` gives it */
export function momentText(at: string, language: string, as: "moment" | "date" = "moment"): string {
  const day = { dateStyle: "medium" } as const;
  const options = as === "moment" ? ({ ...day, timeStyle: "short" } as const) : day;
  return new Intl.DateTimeFormat(language, options).format(new Date(at));
}

const STEPS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Number.POSITIVE_INFINITY],
] as const;

/** `3 minutes ago`, `in 6 days`. */
export function agoText(at: string, language: string, nowMs: number = Date.now()): string {
  let amount = (Date.parse(at) - nowMs) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(amount) < size) return format.format(Math.round(amount), unit);
    amount /= size;
  }
  return at;
}

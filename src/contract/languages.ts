/** The languages that panel and mails come in, each a folder of `texts/`. */
export const languages = ["en", "nl"] as const;

export type Language = (typeof languages)[number];

export const DEFAULT_LANGUAGE = "en" satisfies Language;

export const isLanguage = (tag: string): tag is Language =>
  languages.some((language) => language === tag);

/**
 * The first language of ours that somebody asks for, from an Accept-Language header (RFC 9110 §12.5.4) or a
 * list of tags: `nl-BE` counts as `nl`. The order is theirs; weights are not read, as browsers send them in order.
 */
export function languageAmong(tags: string): Language | undefined {
  return tags
    .slice(0, 1_000)
    .split(",")
    .map((part) => (part.split(";")[0] ?? "").trim().split("-")[0]?.toLowerCase() ?? "")
    .find(isLanguage);
}

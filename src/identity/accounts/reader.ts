import { DEFAULT_LANGUAGE, languageAmong, type Language } from "../../contract/languages.ts";
import { invalidField } from "../../problem-error.ts";
import type { FieldRule } from "../../platform/http/field-rules.ts";

/** How a person's mails read: in which language, by which clock (null: UTC). */
export type ReaderChoice = { language: Language; timeZone: string | null };

/**
 * What somebody who makes an account reads: as they say, else as their browser asks, else as `otherwise`.
 *
 * @throws {ProblemError} `invalid-request` at /timeZone.
 */
export function readerOf(
  given: { language?: Language | undefined; timeZone?: string | undefined },
  acceptLanguage: string | undefined,
  otherwise: Language = DEFAULT_LANGUAGE,
): ReaderChoice {
  return {
    language: given.language ?? languageAmong(acceptLanguage ?? "") ?? otherwise,
    timeZone: given.timeZone === undefined ? null : requireTimeZone(given.timeZone),
  };
}

/** @throws {ProblemError} `invalid-request` at /timeZone when there is no such zone. */
export function requireTimeZone(timeZone: string): string {
  if (!isZone(timeZone)) throw invalidField("/timeZone", { code: "not-a-time-zone" });
  return timeZone;
}

/** The same, told together with what else is wrong. */
export const timeZoneRule: FieldRule = (timeZone) =>
  isZone(timeZone) ? null : { code: "not-a-time-zone" };

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

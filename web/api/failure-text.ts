import i18next from "i18next";
import type { Params } from "../../src/contract/fill-text.ts";
import type { Failure } from "../../src/contract/problems.ts";
import { regionOf } from "../ui/timestamp.tsx";
import type { ApiProblem } from "./client.ts";

/** A failure that a page has put into words itself, or not. */
type ShownFailure = Failure & { words?: string };

/** What is wrong with a field, in the reader's language; in the server's English where its code is newer than this page. */
export const failureText = ({ code, params, detail, words }: ShownFailure): string =>
  words ?? worded(`failures:${code}`, params) ?? detail;

/** What the server says beyond the problem's code; null when it says nothing, or nothing that we can word. */
export function detailOf({ body }: ApiProblem): string | null {
  const { detailCode, params } = body;
  return detailCode === undefined ? null : worded(`details:${detailCode}`, params);
}

type Warning = { code: string; params?: Params; detail: string };

/** A remark on an entry of a list of networks. */
export const warningText = ({ code, params, detail }: Warning): string =>
  worded(`networkWarnings:${code}`, params) ?? detail;

/** What an operator should look at. */
export const healthWarningText = ({ code, params, detail }: Warning): string =>
  worded(`healthWarnings:${code}`, params) ?? detail;

/** The keys come from the server, so the compiler cannot know them; a test holds that each has its text. */
function worded(key: string, params: Params = {}): string | null {
  const filled = { ...params, ...timesOf(params) };
  const t = i18next.t as (key: string, params: Params) => string;
  return i18next.exists(key, filled) ? t(key, filled) : null;
}

/** A parameter whose name ends in `At` is an instant: it reads as every time in the panel does. */
function timesOf(params: Params): Params {
  const format = new Intl.DateTimeFormat(regionOf(i18next.language), {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return Object.fromEntries(
    Object.entries(params)
      .filter(([name]) => name.endsWith("At"))
      .map(([name, value]) => [name, format.format(new Date(value))]),
  );
}

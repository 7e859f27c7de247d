import { textOf, type Params } from "./contract/fill-text.ts";
import type {
  Detail,
  Fault,
  HealthWarning,
  NetworkWarning,
  StreamFault,
} from "./contract/failures.ts";
import type { Failure } from "./contract/problems.ts";
import details from "./contract/texts/en/details.json" with { type: "json" };
import failures from "./contract/texts/en/failures.json" with { type: "json" };
import healthWarnings from "./contract/texts/en/healthWarnings.json" with { type: "json" };
import networkWarnings from "./contract/texts/en/networkWarnings.json" with { type: "json" };
import streamFaults from "./contract/texts/en/streamFaults.json" with { type: "json" };
import { mailTime } from "./contract/mail-time.ts";

/** A failure of a field of the body; `part` names another part of the request. */
export function failureAt(pointer: string, fault: Fault, part = "body"): Failure {
  const { code, params } = fault;
  return { in: part, pointer, code, ...(params && { params }), detail: faultText(fault) };
}

/** The English sentence of what is wrong with a request: what programs and their logs get to read. */
export const detailText = (detail: Detail): string => inEnglish(details, detail);

export const faultText = (fault: Fault): string => inEnglish(failures, fault);

export const warningText = (warning: NetworkWarning): string => inEnglish(networkWarnings, warning);

export const healthWarningText = (warning: HealthWarning): string =>
  inEnglish(healthWarnings, warning);

export const streamFaultText = (fault: StreamFault): string => inEnglish(streamFaults, fault);

function inEnglish(
  texts: Readonly<Record<string, string>>,
  { code, params }: { code: string; params?: Params | undefined },
): string {
  const text = textOf(texts, code, { params: params && withTimes(params), language: "en" });
  if (text === undefined) throw new Error(`no English text for ${code}`);
  return text;
}

const withTimes = (params: Params): Params =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      name.endsWith("At") ? mailTime(new Date(value), { language: "en", timeZone: "UTC" }) : value,
    ]),
  );

import { useTranslation } from "react-i18next";
import type { LogStreamTest } from "../../../src/contract/record/streams.ts";

type Fault = Pick<NonNullable<LogStreamTest["fault"]>, "code" | "params" | "text">;

/** Why a stream did not get on, in the reader's language; in English where a later server knows more. */
export function FaultText({ fault: { code, params, text } }: { fault: Fault }) {
  const { t, i18n } = useTranslation("streamFaults");
  return <>{i18n.exists(`streamFaults:${code}`) ? t(code, { ...params }) : text}</>;
}

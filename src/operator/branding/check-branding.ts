import { judgeColor, parseColor } from "../../contract/platform/brand-color.ts";
import type { BrandingChange, BrandingFields } from "../../contract/platform/branding.ts";
import type { Failure } from "../../contract/problems.ts";
import { isPlainAddress } from "../../platform/mail/plain-address.ts";
import { ProblemError } from "../../problem-error.ts";
import { checkLogo } from "./check-logo.ts";
import type { Fault } from "../../contract/failures.ts";
import { failureAt } from "../../failures.ts";

type Checked = {
  fields: BrandingFields;
  /** undefined: as it was. */
  logo: { bytes: Buffer; type: string } | null | undefined;
};

/**
 * What was sent, in its one spelling.
 *
 * @throws {ProblemError} `invalid-request` naming every field at fault.
 */
export function checkBranding({ logo: sentLogo, ...sent }: BrandingChange): Checked {
  const errors: Failure[] = [];
  const fault = (field: string, found: Fault) => errors.push(failureAt(`/${field}`, found));
  const address = (field: "mailFromAddress" | "supportEmail") => {
    const text = sent[field].trim();
    if (text !== "" && !isPlainAddress(text)) fault(field, { code: "plain-address" });
    return text;
  };
  const link = (field: "supportUrl" | "termsUrl" | "privacyUrl" | "imprintUrl") => {
    const text = sent[field].trim();
    const found = text === "" ? "" : webAddress(text);
    if (found === null) fault(field, { code: "https-address" });
    return found ?? "";
  };
  const color = checkColor(sent.primaryColor);
  if ("fault" in color) fault("primaryColor", color.fault);
  const logo = typeof sentLogo === "string" ? checkLogo(sentLogo) : sentLogo;
  if (logo && "fault" in logo) fault("logo", logo.fault);
  const fields: BrandingFields = {
    name: sent.name.trim(),
    showsMaker: sent.showsMaker,
    primaryColor: "color" in color ? color.color : "",
    mailFromName: sent.mailFromName.trim(),
    mailFromAddress: address("mailFromAddress"),
    mailFooter: sent.mailFooter.trim(),
    supportUrl: link("supportUrl"),
    supportEmail: address("supportEmail"),
    termsUrl: link("termsUrl"),
    privacyUrl: link("privacyUrl"),
    imprintUrl: link("imprintUrl"),
  };
  if (errors.length > 0 || (logo && "fault" in logo))
    throw new ProblemError("invalid-request", { errors });
  return { fields, logo };
}

/** An unreadable colour is refused with the nearest readable one, so that nobody has to guess. */
function checkColor(text: string): { color: string } | { fault: Fault } {
  if (text.trim() === "") return { color: "" };
  const color = parseColor(text);
  if (color === null) return { fault: { code: "not-a-colour" } };
  const { passes, onWhite, onDark, nearest } = judgeColor(color);
  if (passes) return { color };
  const ratio = Math.floor(Math.min(onWhite, onDark) * 100) / 100;
  return {
    fault: { code: "contrast-too-low", params: { ratio, nearest } },
  };
}

/** Canonical https address without a password in it, or null. */
function webAddress(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.protocol !== "https:" || url.username !== "" || url.password !== "")
    return null;
  return url.href;
}

import { domainToASCII } from "node:url";
import type { FieldRule } from "../../platform/http/field-rules.ts";
import { invalidField } from "../../problem-error.ts";

/** An address and the key under which two spellings of one mailbox are one account. */
export type EmailAddress = { email: string; emailKey: string };

/** RFC 5321 §4.1.2's dot-string, without quotes: no homoglyph, space or control character can stand in it. */
const LOCAL_PART = /^(?!\.)(?!.*\.\.)[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}(?<!\.)$/;
/** Two labels or more (RFC 1035 §2.3.1), in their ASCII form. */
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Reads an address; null when it is none that mail can be sent to. International domains become ASCII (UTS 46). */
export function parseEmail(typed: string): EmailAddress | null {
  const text = typed.trim();
  const at = text.lastIndexOf("@");
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainToASCII(text.slice(at + 1).normalize("NFC"));
  if (!LOCAL_PART.test(local) || !DOMAIN.test(domain)) return null;
  const email = `${local}@${domain}`;
  return email.length > 254 ? null : { email, emailKey: email.toLowerCase() };
}

const NO_ADDRESS = { code: "email-address" } as const;

/** @throws {ProblemError} `invalid-request` at the pointer. */
export function requireEmail(typed: string, pointer = "/email"): EmailAddress {
  const address = parseEmail(typed);
  if (address === null) throw invalidField(pointer, NO_ADDRESS);
  return address;
}

/** The same, told together with what else is wrong. */
export const emailRule: FieldRule = (typed) => (parseEmail(typed) === null ? NO_ADDRESS : null);

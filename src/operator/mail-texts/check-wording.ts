import type { Fault } from "../../contract/failures.ts";
import { mailKinds, placeholdersOf, type MailKind } from "../../contract/mails.ts";
import type { MailWording } from "../../contract/platform/mail-texts.ts";
import { failureAt } from "../../failures.ts";
import { ProblemError } from "../../problem-error.ts";

/**
 * Words with line ends and spaces tidied.
 *
 * @throws {ProblemError} `invalid-request` at /subject, /intro or /closing, for a placeholder that the mail has
 *   not, one that its subject needs, or braces that are none.
 */
export function checkWording(kind: MailKind, sent: MailWording): MailWording {
  const wording = {
    subject: sent.subject?.trim() ?? null,
    intro: sent.intro?.trim() ?? null,
    closing: sent.closing?.trim() ?? null,
  };
  const errors = (["subject", "intro", "closing"] as const).flatMap((field) => {
    const text = wording[field];
    const fault = text === null ? null : (faultOf(kind, text) ?? subjectFault(kind, field, text));
    return fault === null ? [] : [failureAt(`/${field}`, fault)];
  });
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
  return wording;
}

function faultOf(kind: MailKind, text: string): Fault | null {
  const known = placeholdersOf(kind);
  const unknown = [...text.matchAll(/\{\{\s*([^{}]*?)\s*\}\}/g)].find(
    ([whole, name = ""]) => !known.includes(name) || whole !== braced(name),
  );
  if (unknown !== undefined) {
    const [placeholder, name] = unknown;
    if (name === "link") return { code: "placeholder-link" };
    return {
      code: "placeholder-unknown",
      params: {
        placeholder: placeholder.slice(0, 40),
        known: known.map(braced).join(", "),
      },
    };
  }
  const rest = text.replaceAll(/\{\{\w+\}\}/g, "");
  return /\{\{|\}\}/.test(rest)
    ? { code: "placeholder-open", params: { example: braced(known[0] ?? "product") } }
    : null;
}

function subjectFault(kind: MailKind, field: string, text: string): Fault | null {
  if (field !== "subject") return null;
  if (text === "") return { code: "empty" };
  const missing = mailKinds[kind].needs.find((name) => !text.includes(braced(name)));
  return missing === undefined
    ? null
    : { code: "placeholder-missing", params: { placeholder: braced(missing) } };
}

const braced = (name: string): string => `{{${name}}}`;

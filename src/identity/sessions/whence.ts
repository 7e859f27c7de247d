import type { Context } from "../../context.ts";
import type { MailFacts, Phrase } from "../../platform/mail/compose-mail.ts";
import { deviceOf } from "./device-name.ts";

/** Where a change came from, for the mail that tells its account's holder: browser and address. */
export function whence({ origin }: Pick<Context, "origin">): Omit<MailFacts, "when"> {
  return { device: devicePhrase(origin.userAgent), address: origin.address ?? undefined };
}

/** A device in the reader's words: "Firefox on Debian". */
export function devicePhrase(userAgent: string): string | Phrase {
  const { browser, system } = deviceOf(userAgent);
  if (browser !== undefined && system !== undefined)
    return { say: "browserOn", with: { browser, system } };
  return browser ?? system ?? { say: "unknownDevice" };
}

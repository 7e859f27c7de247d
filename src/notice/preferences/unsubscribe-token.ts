import {
  isOptional,
  noticeClasses,
  type NoticeClass,
  type OptionalClass,
} from "../../contract/notice/classes.ts";
import type { Services } from "../../context.ts";
import { open, seal, SealBrokenError } from "../../platform/crypto/seal.ts";

/** Whose mails of which class a link ends. */
export type Unsubscribing = { accountId: string; class: OptionalClass };

const SEAL = "unsubscribe";

/** For a link that works without a sign-in, as often as one likes and for as long as the secret key is known. */
export function unsubscribeToken(
  { keyRing }: Pick<Services, "keyRing">,
  what: Unsubscribing,
): string {
  return seal(keyRing, SEAL, JSON.stringify(what)).toString("base64url");
}

/** Null for what we did not make. */
export function readUnsubscribeToken(
  { keyRing }: Pick<Services, "keyRing">,
  token: string,
): Unsubscribing | null {
  try {
    const opened = open(keyRing, SEAL, Buffer.from(token, "base64url")).toString();
    const { accountId, class: name } = JSON.parse(opened) as { accountId: string; class: string };
    const isKnown = Object.hasOwn(noticeClasses, name) && isOptional(name as NoticeClass);
    return isKnown ? { accountId, class: name as OptionalClass } : null;
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}

import type { LogEntry } from "../../src/contract/record/entries.ts";

const SHOWN = 5;

/** Coming and going: each is a whole sign-in by its last step, or its end. */
const SIGN_INS = [
  "session.second-factor-passed",
  "session.recovery-code-used",
  "session.signed-in-by-passkey",
];
/** Half a sign-in, "Confirm it's you", a phone that is not set up yet: steps to something else, and no news. */
const STEPS = [
  "session.signed-in",
  "session.stepped-up",
  "session.signed-out",
  "factor.enrolment-begun",
];

export type Latest = {
  changes: LogEntry[];
  /** One's own sign-ins: how many there are from `since` on, and the last. */
  signIns: { count: number; since: string; last: string } | null;
};

/**
 * What changed, newest first: access, keys, factors, settings, and whoever else signed in. One's own sign-ins are
 * as many as days, so they are told as one.
 *
 * @param entries important and done, newest first.
 */
export function latestOf(entries: readonly LogEntry[], ownId: string): Latest {
  const isOwnSignIn = ({ action, actor }: LogEntry) =>
    actor.accountId === ownId && SIGN_INS.includes(action);
  const signIns = entries.filter(isOwnSignIn);
  const [last] = signIns;
  const first = signIns.at(-1);
  return {
    changes: entries.filter((entry) => isNews(entry.action) && !isOwnSignIn(entry)).slice(0, SHOWN),
    signIns:
      last === undefined || first === undefined
        ? null
        : { count: signIns.length, since: first.at, last: last.at },
  };
}

/** An operator's looks are important, and change nothing. */
const isNews = (action: string): boolean =>
  !/[.-](?:read|listed|exported)$/.test(action) && !STEPS.includes(action);

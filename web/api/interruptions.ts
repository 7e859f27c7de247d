import type { ProblemCode } from "../../src/contract/problem-table.ts";

/** What the person is asked for in the middle of something else. */
export type Interruption =
  | "step-up"
  | "sign-in"
  /** The session is not whole, and is completed on a page of its own. */
  | "finish";

type Asked = { what: Interruption; settle: (isDone: boolean) => void };

/** The one question that is open; the dialog in shell/interruption-dialog.tsx shows it. */
let open: (Asked & { promise: Promise<boolean> }) | null = null;
const listeners = new Set<() => void>();

/** The person does not want to sign in now: what the page reads by itself does not ask again. */
let isDeclined = false;

const interruptionOf: Partial<Record<ProblemCode, Interruption>> = {
  "step-up-required": "step-up",
  "not-signed-in": "sign-in",
  "second-factor-required": "sign-in",
  "enrolment-required": "finish",
  "new-password-required": "finish",
};

/**
 * Asks the person for what the refusal wants, where it wants something that can be given in place.
 * Several calls that are refused together wait for one answer.
 *
 * @param isRead of a call that changes nothing, and that the page may have made by itself.
 * @returns whether the call is worth making again.
 */
export async function askAgain(
  code: ProblemCode,
  { isRead }: { isRead: boolean },
): Promise<boolean> {
  const what = interruptionOf[code];
  if (what === undefined || listeners.size === 0) return false;
  if (isRead && isDeclined && open === null) return false;
  if (open === null) {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    open = { what, promise, settle: resolve };
    announce();
  }
  return await open.promise;
}

/** The dialog's answer: the calls that wait go on, or fail with what they were refused for. */
export function settleInterruption(isDone: boolean): void {
  const settled = open;
  isDeclined = !isDone;
  open = null;
  announce();
  settled?.settle(isDone);
}

/** The same, where the answer came by another way and is one to this question alone. */
export function answerInterruption(what: Interruption, isDone: boolean): void {
  if (open?.what === what) settleInterruption(isDone);
}

/** The question turned out to be another one; the calls go on waiting. */
export function changeInterruption(what: Interruption): void {
  if (open === null) return;
  open = { ...open, what };
  announce();
}

/** For useSyncExternalStore. */
export const interruptions = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  current: (): Interruption | null => open?.what ?? null,
};

function announce(): void {
  for (const listener of listeners) listener();
}

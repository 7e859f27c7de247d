import { parentPort } from "node:worker_threads";
import { judgePassword } from "./password-strength.ts";

/** One question of the judge. Passwords cross to this thread by copy and are kept nowhere. */
export type StrengthQuestion = { password: string; userInputs: readonly string[] };

parentPort?.on("message", ({ password, userInputs }: StrengthQuestion) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
  parentPort?.postMessage(judgePassword(password, { userInputs }));
});

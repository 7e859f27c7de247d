import { ProblemError } from "../../problem-error.ts";
import type { Refusal, Verdict } from "../second-factors/try-code.ts";

/** What is put on record, and what the caller is told, when a passkey was not accepted. */
export function refusalOf(verdict: Exclude<Verdict, "right">): Refusal {
  switch (verdict) {
    case "wrong":
      return { reason: "wrong-passkey", problem: new ProblemError("wrong-passkey") };
    case "used":
      return { reason: "passkey-used-before", problem: new ProblemError("wrong-passkey") };
    case "cloned":
      return {
        reason: "passkey-cloned",
        problem: new ProblemError("wrong-passkey", { detail: { code: "passkey-cloned" } }),
      };
  }
}

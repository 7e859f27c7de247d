import { useState } from "react";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { CodeStep } from "./code-step.tsx";
import { PasswordStep } from "./password-step.tsx";
import { RecoveryCodeStep } from "./recovery-code-step.tsx";
import type { OwnSession } from "./sign-in-api.ts";

type Level = CurrentSession["session"]["level"];
type Props = {
  /** Told how far it came: `full`, or a level that another page goes on with. */
  onDone: (level: Level) => void;
  /** A sign-in that was begun goes on where it stood. */
  startAt?: "password" | "code" | "recovery-code";
};

/** A sign-in that was begun goes on where it stood; without a live phone only a recovery code is left. */
export function startOf(session: OwnSession | null): NonNullable<Props["startAt"]> {
  if (session?.level !== "needs-second-factor") return "password";
  return session.accepts.includes("totp") ? "code" : "recovery-code";
}

/** A sign-in, step by step: password, then a code; or a recovery code for who lost the phone. */
export function SignInSteps({ onDone, startAt = "password" }: Props) {
  const [step, setStep] = useState(startAt);
  if (step === "password")
    return (
      <PasswordStep
        onDone={(level) => (level === "needs-second-factor" ? setStep("code") : onDone(level))}
      />
    );
  if (step === "code")
    return (
      <CodeStep
        onDone={onDone}
        onLost={() => setStep("recovery-code")}
        onRestart={() => setStep("password")}
      />
    );
  return <RecoveryCodeStep onDone={onDone} onBack={() => setStep("code")} />;
}

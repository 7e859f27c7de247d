import { Divider, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { canUsePasskeys } from "../passkeys/browser-passkey.ts";
import { signInWithPasskey } from "../passkeys/passkey-api.ts";
import { PasskeyButton } from "../passkeys/passkey-button.tsx";
import { CodeStep } from "./code-step.tsx";
import { PasskeyStep } from "./passkey-step.tsx";
import { PasswordStep } from "./password-step.tsx";
import { RecoveryCodeStep } from "./recovery-code-step.tsx";
import { currentSession, type OwnSession } from "./sign-in-api.ts";

type Level = CurrentSession["session"]["level"];
type Step = "password" | "passkey" | "code" | "recovery-code";
type Props = {
  /** Told how far it came: `full`, or a level that another page goes on with. */
  onDone: (level: Level) => void;
  /** A sign-in that was begun goes on where it stood. */
  startAt?: Step;
};

/** A sign-in that was begun goes on where it stood: with a passkey if there is one, else a code; else a recovery code. */
export function startOf(session: OwnSession | null): Step {
  if (session?.level !== "needs-second-factor") return "password";
  if (session.accepts.includes("passkey") && canUsePasskeys()) return "passkey";
  return codeStepOf(session);
}

const codeStepOf = ({ accepts }: OwnSession): Step =>
  accepts.includes("totp") ? "code" : "recovery-code";

/** Who has the phone after all, though its codes are dead, is told so where they are typed. */
const backOf = (session: OwnSession): Step => {
  const step = startOf(session);
  return step === "recovery-code" ? "code" : step;
};

/** A sign-in, step by step: password, then a passkey or a code; a recovery code for who has neither; or a passkey alone. */
export function SignInSteps({ onDone, startAt = "password" }: Props) {
  const [step, setStep] = useState<Step>(startAt);
  const restart = () => setStep("password");
  /** The server says what is left; is the attempt over, it begins anew. */
  const goTo = async (stepOf: (session: OwnSession) => Step) => {
    const session = await currentSession().catch(() => null);
    setStep(session === null ? "password" : stepOf(session));
  };
  if (step === "password")
    return (
      <Stack>
        <PasswordStep
          onDone={async (level) =>
            level === "needs-second-factor"
              ? setStep(startOf(await currentSession()))
              : onDone(level)
          }
        />
        <PasskeyAlone onDone={onDone} />
      </Stack>
    );
  if (step === "passkey")
    return (
      <PasskeyStep onDone={onDone} onOther={() => void goTo(codeStepOf)} onRestart={restart} />
    );
  if (step === "code")
    return <CodeStep onDone={onDone} onLost={() => setStep("recovery-code")} onRestart={restart} />;
  return <RecoveryCodeStep onDone={onDone} onBack={() => void goTo(backOf)} />;
}

/** For who has a passkey: neither address nor password nor code. */
function PasskeyAlone({ onDone }: Pick<Props, "onDone">) {
  const { t } = useTranslation("signIn");
  if (!canUsePasskeys()) return null;
  return (
    <>
      <Divider label={t("or")} />
      <PasskeyButton
        label={t("signInWithPasskey")}
        act={async () => onDone(await signInWithPasskey())}
        variant="default"
      />
    </>
  );
}

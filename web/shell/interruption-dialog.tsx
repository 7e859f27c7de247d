import { Modal } from "@mantine/core";
import { lazy, Suspense, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { interruptions, settleInterruption } from "../api/interruptions.ts";
import { loadPart } from "./load-part.ts";
import { Loading } from "./loading.tsx";
import { PartBoundary } from "./part-boundary.tsx";

const StepUpForm = lazy(async () => ({
  default: (await loadPart(() => import("../identity/sign-in/step-up-form.tsx"))).StepUpForm,
}));
const SignInAgain = lazy(async () => ({
  default: (await loadPart(() => import("../identity/sign-in/sign-in-again.tsx"))).SignInAgain,
}));
const FinishElsewhere = lazy(async () => ({
  default: (await loadPart(() => import("../identity/sign-in/finish-elsewhere.tsx")))
    .FinishElsewhere,
}));

/*
 * Escape closes every dialog that is open, and with the one below what was typed into it. This listener is
 * the first: the question is answered with no, and nobody below hears of it.
 */
globalThis.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.isComposing || interruptions.current() === null) return;
    event.stopImmediatePropagation();
    settleInterruption(false);
  },
  { capture: true },
);

const TITLES = {
  "step-up": "confirmItsYou",
  "sign-in": "sessionEnded",
  finish: "oneStepMissing",
} as const;

/**
 * "Confirm it's you", and "your session has ended", in place: what was being done goes on afterwards, and
 * what was typed stays. For the page's own account alone: the server refuses everybody else's calls.
 */
export function InterruptionDialog() {
  const { t } = useTranslation("common");
  const what = useSyncExternalStore(interruptions.subscribe, interruptions.current);
  return (
    <Modal
      opened={what !== null}
      onClose={() => settleInterruption(false)}
      title={what !== null && t(TITLES[what])}
      closeOnEscape={false}
      closeButtonProps={{ "aria-label": t("close") }}
      // Above the dialog that asked for it.
      zIndex={400}
    >
      <PartBoundary key={what} onClose={() => settleInterruption(false)}>
        <Suspense fallback={<Loading />}>
          {what === "step-up" && <StepUpForm />}
          {what === "sign-in" && <SignInAgain />}
          {what === "finish" && <FinishElsewhere />}
        </Suspense>
      </PartBoundary>
    </Modal>
  );
}

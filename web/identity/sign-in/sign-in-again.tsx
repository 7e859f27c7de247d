import { useQuery } from "@tanstack/react-query";
import { changeInterruption, settleInterruption } from "../../api/interruptions.ts";
import { pageAccount } from "../../api/page-account.ts";
import { Loading } from "../../shell/loading.tsx";
import { currentLevel } from "../../shell/require-session.ts";
import { ownSessionQuery, type OwnSession } from "./sign-in-api.ts";
import { SignInSteps, startOf } from "./sign-in-steps.tsx";

/** A sign-in in the middle of something else, which goes on afterwards if it is the same person's. */
export function SignInAgain() {
  const session = useQuery({ ...ownSessionQuery, refetchOnWindowFocus: false, retry: false });
  if (session.isPending) return <Loading />;
  return (
    <SignInSteps onDone={(reached) => void goOn(reached)} startAt={startOf(session.data ?? null)} />
  );
}

/** Asks whose session it is before anything is carried out; is it another's, the page is left right here. */
async function goOn(reached: OwnSession["level"]): Promise<void> {
  const level = await currentLevel().catch(() => reached);
  if (level !== "full") return changeInterruption("finish");
  pageAccount.tellSignedIn();
  settleInterruption(true);
}

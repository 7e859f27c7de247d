import { redirect, type LoaderFunctionArgs } from "react-router";
import type { CurrentSession } from "../../src/contract/identity/sessions.ts";
import { ApiProblem, request } from "../api/client.ts";
import { queryClient } from "../api/query-client.ts";
import { ownAccountQuery } from "../identity/account/account-api.ts";
import { paths } from "../paths.ts";
import { brandingQuery } from "./branding.ts";
import { safeNext } from "./safe-next.ts";

type Level = CurrentSession["session"]["level"];

/** Who comes without a whole session is led to where theirs is finished, and back here afterwards. */
export async function requireFullSession({ request: asked }: LoaderFunctionArgs): Promise<null> {
  const { pathname, search } = new URL(asked.url);
  const here = `${pathname}${search}`;
  const level = await currentLevel();
  if (level !== "full") throw redirect(whereToFinish(level, here === "/" ? undefined : here));
  await Promise.all([
    queryClient.ensureQueryData(ownAccountQuery).then(() => known.resolve()),
    queryClient.ensureQueryData(brandingQuery),
  ]);
  return null;
}

const known = Promise.withResolvers<void>();

/** Once it is known whose page this is; never, on a stranger's. */
export const whenKnown = async (): Promise<void> => await known.promise;

/** The page where a session of this level becomes whole; a stranger signs in there. */
export function whereToFinish(level: Level | null, next: string | undefined): string {
  if (level === "needs-enrolment") return paths.welcome({ next });
  return level === "needs-new-password" ? paths.newPassword({ next }) : paths.signIn({ next });
}

/** Where a sign-in that has come so far goes on: to the page it was for, once it is whole. */
export const whereToGoOn = (level: Level | null, next: string | undefined): string =>
  level === "full" ? safeNext(next ?? null) : whereToFinish(level, next);

/**
 * How far this browser's sign-in has come; null for a stranger. Is it another account's than this page's,
 * the page is left.
 */
export async function currentLevel(): Promise<Level | null> {
  try {
    const { session } = await request<CurrentSession>("GET", "/sessions/current", {
      isAlone: true,
      isOwn: true,
    });
    return session.level;
  } catch (error) {
    if (error instanceof ApiProblem && error.code === "not-signed-in") return null;
    throw error;
  }
}

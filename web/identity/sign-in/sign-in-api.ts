import { queryOptions } from "@tanstack/react-query";
import type { CurrentSession } from "../../../src/contract/identity/sessions.ts";
import { ApiProblem, request } from "../../api/client.ts";

export type OwnSession = CurrentSession["session"];
type Level = CurrentSession["session"]["level"];
type LevelReply = { session: { level: Level } };

/** Steps of a sign-in. A refusal is the form's to show, so none of them asks for a sign-in in place. */
export async function signIn(email: string, password: string): Promise<Level> {
  const body = { email: email.trim(), password };
  const { session } = await request<LevelReply>("POST", "/sign-in", { body, isAlone: true });
  return session.level;
}

export async function verifyCode(code: string): Promise<Level> {
  const body = { code: digits(code) };
  const { session } = await request<LevelReply>("POST", "/sign-in/totp", { body, isAlone: true });
  return session.level;
}

export async function redeemRecoveryCode(code: string): Promise<void> {
  await request("POST", "/sign-in/recovery-code", { body: { code: code.trim() }, isAlone: true });
}

export async function stepUp(code: string): Promise<void> {
  const body = { code: digits(code) };
  await request("POST", "/step-up", { body, isAlone: true, isOwn: true });
}

export async function currentSession(): Promise<CurrentSession["session"]> {
  const { session } = await request<CurrentSession>("GET", "/sessions/current", { isAlone: true });
  return session;
}

/** This browser's session, whole or not; null for a stranger. Never kept: it changes with every step. */
export const ownSessionQuery = queryOptions({
  queryKey: ["sessions", "current"],
  queryFn: async () => {
    try {
      return await currentSession();
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "not-signed-in") return null;
      throw error;
    }
  },
  staleTime: 0,
  gcTime: 0,
});

/**
 * Stops the codes of a lost phone, with a recovery code in their place. Leads to setting up another.
 *
 * @param isOwn from a page of somebody who is signed in, and not in the middle of a sign-in.
 */
export async function reportLost(
  recoveryCode: string | undefined,
  { isOwn = false }: { isOwn?: boolean } = {},
): Promise<void> {
  const body = recoveryCode === undefined ? {} : { recoveryCode: recoveryCode.trim() };
  await request("POST", "/second-factors/totp/lost", { body, isAlone: true, isOwn });
}

/** Apps show codes with a space in the middle, and people type it. */
export const digits = (code: string): string => code.replaceAll(/\s/g, "");

import type { Home } from "./home-api.ts";

/** So few recovery codes left are worth new ones. */
const FEW_CODES = 4;
/** So many things are shown; more would be a list that nobody reads. */
const SHOWN = 5;

export type Need =
  | { kind: "factorReset"; at: string }
  | { kind: "noFactor" }
  | { kind: "fewCodes"; left: number }
  | { kind: "failedJobs"; count: number }
  | { kind: "unconfirmedRules"; app: AppRef; at: string }
  | { kind: "endingKey"; id: string; name: string; of: string; app: AppRef; at: string }
  | { kind: "unusedKey"; id: string; name: string; of: string; app: AppRef; at: string }
  | { kind: "expiredInvitation"; id: string; email: string; at: string };
type AppRef = { id: string; name: string };

/** What waits for the person, most urgent first, at most five. */
export function needsOf(home: Home): Need[] {
  const { hasAuthenticator, recoveryCodesLeft } = home.steps;
  const needs: Need[] = [
    ...(home.factorReset === null
      ? []
      : [{ kind: "factorReset", at: home.factorReset.readyAt } as const]),
    ...home.unconfirmedRules.map(({ app, revertsAt }): Need => ({
      kind: "unconfirmedRules",
      app,
      at: revertsAt,
    })),
    ...(hasAuthenticator ? [] : [{ kind: "noFactor" } as const]),
    ...(hasAuthenticator && recoveryCodesLeft <= FEW_CODES
      ? [{ kind: "fewCodes", left: recoveryCodesLeft } as const]
      : []),
    ...(home.failedJobs > 0 ? [{ kind: "failedJobs", count: home.failedJobs } as const] : []),
    ...home.endingKeys.map(({ id, name, serviceAccount, app, expiresAt }): Need => ({
      kind: "endingKey",
      id,
      name,
      of: serviceAccount,
      app,
      at: expiresAt,
    })),
    ...home.expiredInvitations.map(({ id, email, endsAt }): Need => ({
      kind: "expiredInvitation",
      id,
      email,
      at: endsAt,
    })),
    ...home.unusedKeys.map(({ id, name, serviceAccount, app, createdAt }): Need => ({
      kind: "unusedKey",
      id,
      name,
      of: serviceAccount,
      app,
      at: createdAt,
    })),
  ];
  return needs.slice(0, SHOWN);
}

/** How long the first steps are offered to somebody who leaves one out, ms: 30 days. */
const STEPS_OFFERED_MS = 30 * 86_400_000;

/** Whether Home begins with the first steps: until they are done, or the account is no longer new. */
export function offersSteps({ steps }: Home, createdAt: string, nowMs: number): boolean {
  const isDone =
    steps.hasAuthenticator && steps.recoveryCodesLeft > 0 && steps.hasApp && steps.hasInvited;
  return !isDone && nowMs - Date.parse(createdAt) < STEPS_OFFERED_MS;
}

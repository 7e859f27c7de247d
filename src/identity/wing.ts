import type { Context, Principal, Services } from "../context.ts";
import type { Ports } from "../ports.ts";
import type { Wing } from "../wings.ts";
import { accountRoutes } from "./accounts/routes.ts";
import { addressLinkRoutes, addressRoutes } from "./addresses/routes.ts";
import { notMeRoutes } from "./devices/routes.ts";
import { startHousekeeping } from "./housekeeping.ts";
import { addPasskeyRoutes } from "./passkeys/add-routes.ts";
import { passkeyRoutes } from "./passkeys/routes.ts";
import { passkeySignInRoutes } from "./passkeys/sign-in-routes.ts";
import { passkeyVerificationRoutes } from "./passkeys/verification-routes.ts";
import { passwordResetRoutes } from "./passwords/reset-routes.ts";
import { passwordRoutes } from "./passwords/routes.ts";
import { remindOfRecovery } from "./recovery/remind-of-recovery.job.ts";
import { ownRecoveryRoutes, recoveryRoutes } from "./recovery/routes.ts";
import { lostRoutes } from "./second-factors/lost-routes.ts";
import { recoveryCodeRoutes } from "./second-factors/recovery-code-routes.ts";
import { secondFactorRoutes } from "./second-factors/routes.ts";
import { verificationRoutes } from "./second-factors/verification-routes.ts";
import { requireStillLive } from "./sessions/require-still-live.ts";
import { resolveSession } from "./sessions/resolve-session.ts";
import { endSessionRoutes, sessionRoutes } from "./sessions/routes.ts";
import { signInRoutes } from "./sign-in/routes.ts";
import { createPasswordGuard } from "./throttling/password-guard.ts";

/** Accounts, sign-in, second factors, sessions. */
export function identityWing(services: Omit<Services, "ports">): Wing &
  Pick<Ports, "requireStillLive"> & {
    resolveSession(token: string, ctx: Context): Promise<Principal | null>;
  } {
  const guard = createPasswordGuard();
  return {
    plugins: [
      accountRoutes,
      addressRoutes,
      addressLinkRoutes,
      signInRoutes(guard),
      passwordRoutes(guard),
      passwordResetRoutes,
      recoveryRoutes,
      ownRecoveryRoutes,
      verificationRoutes,
      secondFactorRoutes,
      recoveryCodeRoutes,
      lostRoutes,
      passkeyRoutes,
      addPasskeyRoutes,
      passkeySignInRoutes,
      passkeyVerificationRoutes,
      sessionRoutes,
      endSessionRoutes,
      notMeRoutes,
    ],
    jobs: [remindOfRecovery],
    start: async () => startHousekeeping(services),
    requireStillLive,
    resolveSession,
  };
}

import type { Loaded } from "../access/decisions/fact-store.ts";
import type { OperatorKeyFact } from "../access/decisions/facts.ts";
import type { Context, Principal, Services } from "../context.ts";
import type { Wing } from "../wings.ts";
import { addressReportRoutes } from "./address-reports/routes.ts";
import { factorResetRoutes } from "./accounts/reset-routes.ts";
import { accountRoutes, accountStateRoutes } from "./accounts/routes.ts";
import { brandingRoutes } from "./branding/routes.ts";
import { claimRoutes } from "./claim/routes.ts";
import { healthRoutes } from "./health/routes.ts";
import { loadOperatorKeys, resolveOperatorKey } from "./keys/resolve-key.ts";
import { keyRoutes } from "./keys/routes.ts";
import { tellOperators } from "./log-streams/operator-streams.ts";
import { operatorLogStreamRoutes } from "./log-streams/routes.ts";
import { mailTextRoutes } from "./mail-texts/routes.ts";
import { permissionRoutes } from "./permissions/routes.ts";
import { provisionConsentRoutes, provisioningRoutes } from "./provisioning/routes.ts";
import { reportRoutes } from "./reports/routes.ts";
import { operatorErasureRoutes, operatorHoldRoutes } from "./retention/routes.ts";
import { strangerReportRoutes } from "./stranger-reports/routes.ts";
import { supportRequestRoutes } from "./support-access/request-routes.ts";
import { supportAccessRoutes, supportConsentRoutes } from "./support-access/routes.ts";

/** The operator's own: accounts, health, catalogue, keys, provisioning, reports, support access. */
export function operatorWing({ db }: Omit<Services, "ports">): Wing & {
  resolveOperatorKey(token: string, ctx: Context): Promise<Principal>;
  tellOperators: typeof tellOperators;
  /** The operator's keys by id, for decisions. */
  loadOperatorKeys(ids: readonly string[]): Promise<readonly Loaded<OperatorKeyFact>[]>;
} {
  return {
    plugins: [
      claimRoutes,
      accountRoutes,
      accountStateRoutes,
      factorResetRoutes,
      addressReportRoutes,
      healthRoutes,
      brandingRoutes,
      mailTextRoutes,
      permissionRoutes,
      keyRoutes,
      provisioningRoutes,
      provisionConsentRoutes,
      reportRoutes,
      strangerReportRoutes,
      supportAccessRoutes,
      supportConsentRoutes,
      supportRequestRoutes,
      operatorHoldRoutes,
      operatorErasureRoutes,
      ...operatorLogStreamRoutes,
    ],
    tellOperators,
    resolveOperatorKey,
    loadOperatorKeys: (ids) => loadOperatorKeys(db, ids),
  };
}

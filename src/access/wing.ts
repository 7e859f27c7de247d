import type { Context, Principal, Services } from "../context.ts";
import type { Ports } from "../ports.ts";
import { completenessRoutes } from "./action-log/completeness-routes.ts";
import { addressRuleRoutes } from "./address-rules/routes.ts";
import { tellRulesWentBack } from "./address-rules/tell-rules-went-back.job.ts";
import { appRoutes, oneAppRoutes, transferLinkRoutes, transferRoutes } from "./apps/routes.ts";
import { KeyUsage } from "./api-keys/key-usage.ts";
import { createApiKeyResolver } from "./api-keys/resolve-api-key.ts";
import { keyRevocationRoutes, keyRoutes, keysOfServiceAccountRoutes } from "./api-keys/routes.ts";
import { DecisionDesk } from "./decisions/decision-desk.ts";
import type { FactRoomOptions } from "./decisions/fact-room.ts";
import { decisionRoutes } from "./decisions/routes.ts";
import { homeRoutes } from "./home/routes.ts";
import { tellOfStream } from "./log-streams/organisation-streams.ts";
import { logStreamRoutes } from "./log-streams/routes.ts";
import { accountMade } from "./organisations/make-organisation.ts";
import { memberRoutes, oneMemberRoutes, organisationRoutes } from "./organisations/routes.ts";
import { passwordRules } from "./policies/binding-rules.ts";
import { passwordPolicyRoutes } from "./policies/routes.ts";
import { tendPasswords } from "./policies/tend-passwords.job.ts";
import { receiptRoutes } from "./receipts/routes.ts";
import { oneRoleRoutes, roleRoutes } from "./roles/routes.ts";
import { entryScope } from "./sharing/entry-scope.ts";
import { sharedPeopleRoutes } from "./sharing/people-routes.ts";
import { sessionRuleRoutes } from "./session-rules/routes.ts";
import { sessionMayCome } from "./session-rules/session-may-come.ts";
import { grantRoutes, invitationLinkRoutes, invitationRoutes } from "./sharing/routes.ts";
import { serviceAccountRoutes, serviceAccountsOfAppRoutes } from "./service-accounts/routes.ts";
import type { Wing } from "../wings.ts";

/** Organisations, apps, sharing, keys, address rules, decisions. */
export function accessWing(
  services: Omit<Services, "ports">,
  { loadOperatorKeys }: Pick<FactRoomOptions, "loadOperatorKeys">,
): Wing &
  Pick<Ports, "accountMade" | "entryScope" | "passwordRules" | "sessionMayCome"> & {
    /** Answers the one question; forward-auth and its like ask here too. */
    desk: DecisionDesk;
    resolveApiKey(token: string, ctx: Context): Promise<Principal>;
    tellOfStream: typeof tellOfStream;
  } {
  const usage = new KeyUsage(services);
  const desk = new DecisionDesk({ ...services, usage, loadOperatorKeys });
  return {
    plugins: [
      homeRoutes,
      organisationRoutes,
      memberRoutes,
      oneMemberRoutes,
      appRoutes,
      oneAppRoutes,
      transferRoutes,
      transferLinkRoutes,
      roleRoutes,
      oneRoleRoutes,
      invitationRoutes,
      invitationLinkRoutes,
      grantRoutes,
      sharedPeopleRoutes,
      receiptRoutes,
      completenessRoutes,
      ...logStreamRoutes,
      serviceAccountsOfAppRoutes,
      serviceAccountRoutes,
      keysOfServiceAccountRoutes,
      keyRoutes,
      keyRevocationRoutes,
      addressRuleRoutes(usage),
      passwordPolicyRoutes,
      sessionRuleRoutes,
      decisionRoutes(desk),
    ],
    jobs: [tellRulesWentBack, tendPasswords],
    desk,
    start: async () => {
      await desk.start();
      return usage.start();
    },
    accountMade,
    entryScope,
    tellOfStream,
    passwordRules,
    sessionMayCome,
    resolveApiKey: createApiKeyResolver(usage),
  };
}

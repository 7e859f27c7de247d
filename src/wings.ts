import type { FastifyPluginAsync } from "fastify";
import { accessWing } from "./access/wing.ts";
import type { Services } from "./context.ts";
import { notify } from "./notice/delivery/notify.ts";
import { noticeWing } from "./notice/wing.ts";
import { identityWing } from "./identity/wing.ts";
import { interopWing } from "./interop/wing.ts";
import { operatorWing } from "./operator/wing.ts";
import type { CredentialResolver } from "./platform/http/authenticate.ts";
import type { Job } from "./platform/jobs/define-job.ts";
import type { Ports } from "./ports.ts";
import { privacyWing } from "./privacy/wing.ts";
import { logLag } from "./record/sequencer/log-lag.ts";
import { filingLag } from "./record/search/filing-lag.ts";
import { streamState } from "./record/streams/lag-queries.ts";
import { recordWing } from "./record/wing.ts";

/** What a wing brings: routes below /v1, jobs, and things that run beside requests. */
export type Wing = {
  plugins: readonly FastifyPluginAsync[];
  /** Routes beside the API. */
  rootPlugins?: readonly FastifyPluginAsync[];
  jobs?: readonly Job[];
  /** Started with the web part; the returned function stops it and keeps what it holds. */
  start?: () => Promise<() => Promise<void>>;
  /** Started in every process, whatever its roles. */
  background?: () => Promise<() => Promise<void>>;
};

export type Wings = { wings: readonly Wing[]; ports: Ports; credentials: CredentialResolver };

/** Makes all wings and binds each port to the wing that implements it. */
export function bindWings(services: Omit<Services, "ports">): Wings {
  const operator = operatorWing(services);
  const access = accessWing(services, operator);
  const identity = identityWing(services);
  const ports: Ports = {
    notify,
    accountMade: access.accountMade,
    entryScope: access.entryScope,
    passwordRules: access.passwordRules,
    sessionMayCome: access.sessionMayCome,
    requireStillLive: identity.requireStillLive,
    filingLag,
    logLag,
    streamState,
    tellStreamOwners: async (tx, ctx, organisationId, mailFor) => {
      if (organisationId === null)
        await operator.tellOperators(tx, ctx, mailFor({ say: "wholeInstallation" }));
      else await access.tellOfStream(tx, ctx, organisationId, mailFor);
    },
    resolveBearer: async (token, ctx) =>
      token.startsWith("sally_op_")
        ? await operator.resolveOperatorKey(token, ctx)
        : await access.resolveApiKey(token, ctx),
  };
  return {
    wings: [
      recordWing({ ...services, ports }),
      identity,
      access,
      operator,
      interopWing(access.desk),
      privacyWing(),
      noticeWing(),
    ],
    ports,
    credentials: { session: identity.resolveSession, bearer: ports.resolveBearer },
  };
}

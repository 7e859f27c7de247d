import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { EntryQuery } from "../record/entries.ts";
import { Reason } from "./fields.ts";

const strict = { additionalProperties: false } as const;

/** One week: longer than that is not a support case. */
const MAX_CONSENT_HOURS = 168;

const Hours = Type.Integer({ minimum: 1, maximum: MAX_CONSENT_HOURS });

export const NewSupportConsent = Type.Object(
  {
    reason: Reason,
    hours: Hours,
    requestId: Type.Optional({
      ...Id,
      description: "The operator's question that this answers",
    }),
  },
  strict,
);
export type NewSupportConsent = Static<typeof NewSupportConsent>;

export const SupportConsentCreated = Type.Object({ id: Id, endsAt: Instant }, strict);
export type SupportConsentCreated = Static<typeof SupportConsentCreated>;

export const SupportConsent = Type.Object(
  {
    id: Id,
    reason: Type.String(),
    givenBy: Type.Object({ id: Id, displayName: Type.String() }, strict),
    createdAt: Instant,
    endsAt: Instant,
    withdrawnAt: Nullable(Instant),
  },
  strict,
);
export type SupportConsent = Static<typeof SupportConsent>;

/** An operator's question that no owner has answered yet. */
export const SupportRequest = Type.Object(
  {
    id: Id,
    reason: Type.String(),
    hours: Type.Integer(),
    askedBy: Type.Object({ id: Id, displayName: Type.String() }, strict),
    createdAt: Instant,
    endsAt: Instant,
  },
  strict,
);
export type SupportRequest = Static<typeof SupportRequest>;

export const SupportConsentList = Type.Object(
  { consents: Type.Array(SupportConsent), requests: Type.Array(SupportRequest) },
  strict,
);
export type SupportConsentList = Static<typeof SupportConsentList>;

/** An operator asks the owners of an app to be let in. */
export const NewSupportRequest = Type.Object({ appId: Id, reason: Reason, hours: Hours }, strict);
export type NewSupportRequest = Static<typeof NewSupportRequest>;

export const SupportRequestCreated = Type.Object({ id: Id, endsAt: Instant }, strict);
export type SupportRequestCreated = Static<typeof SupportRequestCreated>;

const supportStates = ["asked", "unanswered", "refused", "given", "ended", "withdrawn"] as const;

/** What operators asked for and what owners gave: one line for each question or consent. */
export const SupportCase = Type.Object(
  {
    id: Id,
    appId: Id,
    appName: Type.String(),
    organisationName: Type.String(),
    state: Type.Enum([...supportStates], {
      description:
        "asked: nobody has answered; unanswered: nobody did in time; given: the log can be read until endsAt",
    }),
    reason: Type.String(),
    by: Type.String({ description: "Who asked, or which owner let the operator in" }),
    createdAt: Instant,
    endsAt: Instant,
  },
  strict,
);
export type SupportCase = Static<typeof SupportCase>;

export const SupportCaseList = Type.Object({ cases: Type.Array(SupportCase) }, strict);

/** One app's entries, with the log's filters. */
export const SupportQuery = Type.Object(
  { appId: Id, ...Type.Omit(EntryQuery, ["app"]).properties },
  strict,
);
export type SupportQuery = Static<typeof SupportQuery>;

export const ConsentParams = Type.Object({ appId: Id, consentId: Id });
export const RequestParams = Type.Object({ appId: Id, requestId: Id });

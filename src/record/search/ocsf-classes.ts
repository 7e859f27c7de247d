import type { LogEntry } from "../../contract/record/entries.ts";

/** An event class of OCSF 1.8.0 and what was done in it. */
export type OcsfClass = {
  name: "authentication" | "account-change" | "user-access" | "entity-management" | "api-activity";
  classUid: number;
  activityId: number;
};

const uids = {
  "account-change": 3001,
  authentication: 3002,
  "entity-management": 3004,
  "user-access": 3005,
  "api-activity": 6003,
} as const satisfies Record<OcsfClass["name"], number>;

const OTHER = 99;

/** Actions that have a class of their own, with the activity's number there. */
const special: Readonly<Record<string, [OcsfClass["name"], number]>> = {
  "session.signed-in": ["authentication", 1],
  "session.second-factor-passed": ["authentication", 1],
  "session.recovery-code-used": ["authentication", 1],
  "session.signed-in-by-passkey": ["authentication", 1],
  "session.stepped-up": ["authentication", OTHER],
  "session.signed-out": ["authentication", 2],
  "session.ended": ["authentication", 2],
  "session.others-ended": ["authentication", 2],
  "account.signed-up": ["account-change", 1],
  "account.provisioned": ["account-change", 1],
  "account.verified": ["account-change", 2],
  "account.enabled": ["account-change", 2],
  "account.password-changed": ["account-change", 3],
  "account.address-asked": ["account-change", OTHER],
  "account.address-change-undone": ["account-change", OTHER],
  "account.password-reset-asked": ["account-change", OTHER],
  "account.password-reset": ["account-change", 4],
  "account.factor-reset-asked": ["account-change", OTHER],
  "account.factor-reset-cancelled": ["account-change", OTHER],
  "recovery.begun": ["account-change", OTHER],
  "recovery.stopped": ["account-change", OTHER],
  "account.disabled": ["account-change", 5],
  "factor.confirmed": ["account-change", 10],
  "factor.reported-lost": ["account-change", 11],
  "passkey.added": ["account-change", 10],
  "passkey.removed": ["account-change", 11],
  "invitation.accepted": ["user-access", 1],
  "grant.changed": ["user-access", 1],
  "grant.revoked": ["user-access", 2],
  "access.removed-from-everything": ["user-access", 2],
  "organisation.person-added": ["user-access", 1],
  "organisation.person-changed": ["user-access", 1],
  "organisation.person-removed": ["user-access", 2],
  "operator.claimed": ["user-access", 1],
  "operator.added": ["user-access", 1],
  "support.consent-given": ["user-access", 1],
  "support.consent-withdrawn": ["user-access", 2],
  "provision.consent-given": ["user-access", 1],
};

/** Nouns whose other changes are changes of an account. */
const ofAccounts: ReadonlySet<string> = new Set(["account", "factor", "passkey", "recovery-codes"]);

/** Create, read, update and delete by what an action's verb ends in; an activity that is none of them is "other". */
const activities: readonly [RegExp, number][] = [
  [/(?:read|listed|summarised|followed|exported|tested|previewed|replayed|repeated)$/, 2],
  [/(?:created|sent|provisioned|offered|requested|begun|given)$/, 1],
  [/(?:deleted|revoked|cancelled|removed|withdrawn|refused)$/, 4],
  [
    /(?:changed|renamed|rotated|replaced|confirmed|resent|transferred|went-back|broken-glass|retried|decided)$/,
    3,
  ],
];

const READ = 2;

/** An action without a class of its own is the management of what it names, or, if it changes nothing, a call. */
export function ocsfClassOf({ action }: Pick<LogEntry, "action">): OcsfClass {
  const own = special[action];
  if (own !== undefined) return classOf(own[0], own[1]);
  const [noun = "", verb = ""] = action.split(".");
  const activityId = activities.find(([ending]) => ending.test(verb))?.[1] ?? OTHER;
  if (activityId === READ || activityId === OTHER) return classOf("api-activity", activityId);
  if (ofAccounts.has(noun)) return classOf("account-change", OTHER);
  return classOf("entity-management", activityId);
}

const classOf = (name: OcsfClass["name"], activityId: number): OcsfClass => ({
  name,
  classUid: uids[name],
  activityId,
});

import type { LogEntry } from "../../contract/record/entries.ts";
import { ocsfClassOf, type OcsfClass } from "./ocsf-classes.ts";

/*
 * Entries as events of the Open Cybersecurity Schema Framework, 1.8.0: for whoever collects the logs of many
 * systems. What has no place there stands in `unmapped`.
 */

const OCSF_VERSION = "1.8.0";
const PRODUCT = { name: "Sallyport", vendor_name: "Sallyport" };
const UNKNOWN_USER = { name: "unknown", type_id: 0 };

/** By outcome: the severity and whether it succeeded, as the schema numbers them. */
const outcomes = {
  done: { severity_id: 1, severity: "Informational", status_id: 1, status: "Success" },
  refused: { severity_id: 2, severity: "Low", status_id: 2, status: "Failure" },
  failed: { severity_id: 3, severity: "Medium", status_id: 2, status: "Failure" },
} as const;

/** A JSON object; its members are those of its class. */
export type OcsfEvent = Record<string, unknown>;

export function toOcsf(entry: LogEntry): OcsfEvent {
  const kind = ocsfClassOf(entry);
  const { classUid, activityId } = kind;
  return {
    category_uid: Math.floor(classUid / 1000),
    class_uid: classUid,
    activity_id: activityId,
    ...(activityId === OTHER && { activity_name: entry.action }),
    type_uid: classUid * 100 + activityId,
    time: Date.parse(entry.reportedAt ?? entry.at),
    ...outcomes[entry.outcome as keyof typeof outcomes],
    ...(entry.reason !== undefined && { status_code: entry.reason }),
    ...(entry.count !== undefined && { count: entry.count }),
    message: entry.reportedAction ?? entry.action,
    metadata: {
      version: OCSF_VERSION,
      product: PRODUCT,
      log_name: "action log",
      uid: entry.id,
      event_code: entry.action,
      correlation_uid: entry.requestId,
      logged_time: Date.parse(entry.at),
    },
    actor: actorOf(entry),
    src_endpoint: sourceOf(entry),
    http_request: {
      uid: entry.requestId,
      ...(entry.userAgent !== null && { user_agent: entry.userAgent }),
    },
    ...members[kind.name](entry, kind),
    unmapped: unmapped(entry),
  };
}

const OTHER = 99;

/** What is required of a class, beside what is required of all. */
const members: Record<OcsfClass["name"], (entry: LogEntry, kind: OcsfClass) => OcsfEvent> = {
  authentication: (entry) => ({
    user: subjectOf(entry),
    service: PRODUCT_SERVICE,
    ...(entry.credential?.kind === "session" && { session: { uid: entry.credential.id } }),
    is_remote: true,
  }),
  "account-change": (entry) => ({ user: subjectOf(entry) }),
  "user-access": (entry) => ({
    user: subjectOf(entry),
    privileges: [roleIn(entry) ?? "access"],
    resources: resourcesOf(entry),
  }),
  "entity-management": (entry) => ({ entity: entityOf(entry) }),
  "api-activity": (entry) => ({
    api: {
      operation: entry.action,
      request: { uid: entry.requestId },
      service: PRODUCT_SERVICE,
    },
    resources: resourcesOf(entry),
  }),
};

const PRODUCT_SERVICE = { name: "Sallyport" };

function actorOf({ actor, credential }: LogEntry): OcsfEvent {
  const { kind, accountId } = actor;
  if (accountId === null && (kind === "operator-key" || kind === "system"))
    return { app_name: kind, ...(credential !== null && { app_uid: credential.id }) };
  const session = credential?.kind === "session" ? { session: { uid: credential.id } } : {};
  const key = credential?.kind === "api-key" ? { credential_uid: credential.id } : {};
  return { user: { ...userOf(actor), ...key }, ...session };
}

function userOf({ kind, accountId, displayName }: LogEntry["actor"]): OcsfEvent {
  if (accountId === null && displayName === undefined) return UNKNOWN_USER;
  return {
    ...(accountId !== null && { uid: accountId }),
    ...(displayName !== undefined && { name: displayName }),
    type_id: kind === "api-key" ? SERVICE : USER,
  };
}

const [USER, SERVICE] = [1, 4];

/** The account that it was done to: another's where one is named, else one's own. */
function subjectOf({ actor, targets }: LogEntry): OcsfEvent {
  const uid = targets.find(({ accountId }) => accountId !== undefined)?.accountId;
  if (uid !== undefined && uid !== actor.accountId) return { uid, type_id: 0 };
  return userOf(actor);
}

/** An endpoint must be named by something, also where nobody knows it or it is not the reader's to see. */
const sourceOf = ({ address }: LogEntry): OcsfEvent =>
  address === null ? { name: "unknown" } : { ip: address };

function resourcesOf({ app, targets }: LogEntry): OcsfEvent[] {
  const touched = targets.map(({ type, id }) => ({ type, uid: id }));
  if (app === null) return touched;
  const own = { type: "app", uid: app.id, ...(app.name !== undefined && { name: app.name }) };
  return [own, ...touched.filter(({ type, uid }) => type !== "app" || uid !== app.id)];
}

/** What was made, changed or deleted: what the action names, among what it touched. */
function entityOf({ action, app, targets, change }: LogEntry): OcsfEvent {
  const [noun = ""] = action.split(".");
  const target = targets.find(({ type }) => type === noun) ?? targets[0];
  const named = noun === "app" && app !== null ? { uid: app.id, name: app.name } : undefined;
  const known = named ?? (target === undefined ? { name: noun } : { uid: target.id });
  return { ...known, type: noun, ...(change !== undefined && { data: change }) };
}

/** The role that a change tells of, after or else before it. */
function roleIn({ change }: LogEntry): string | undefined {
  const { before, after } = (change ?? {}) as { before?: unknown; after?: unknown };
  for (const side of [after, before]) {
    const role: unknown = Reflect.get(Object(side), "role");
    if (typeof role === "string") return role;
  }
  return undefined;
}

const unmapped = (entry: LogEntry): OcsfEvent => ({
  action: entry.action,
  outcome: entry.outcome,
  class: entry.class,
  actor_kind: entry.actor.kind,
  ...(entry.app !== null && { app: entry.app }),
  ...(entry.targets.length > 0 && { targets: entry.targets }),
  ...(entry.change !== undefined && { change: entry.change }),
  ...(entry.reportedAction !== undefined && { reported_action: entry.reportedAction }),
});

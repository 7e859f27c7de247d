import { describe, expect, test } from "vitest";
import { actions, type Action } from "../../contract/actions.ts";
import type { LogEntry } from "../../contract/record/entries.ts";
import { toOcsf, type OcsfEvent } from "./to-ocsf.ts";

/*
 * What OCSF 1.8.0 requires of the classes and objects that are used (schema.ocsf.io/1.8.0; ocsf/ocsf-schema, tag
 * 1.8.0): required attributes, of which at least one must be there, and the activities of each class.
 */
type Shape = { required?: string[]; oneOf?: string[]; objects?: Record<string, string> };

const base: Shape = {
  required: [
    "activity_id",
    "category_uid",
    "class_uid",
    "metadata",
    "severity_id",
    "time",
    "type_uid",
  ],
  objects: { metadata: "metadata", actor: "actor", src_endpoint: "endpoint", user: "user" },
};

const classes: Record<number, Shape & { activities: number[] }> = {
  3001: { required: ["user"], activities: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] },
  3002: {
    required: ["user"],
    oneOf: ["service", "dst_endpoint"],
    objects: { service: "entity" },
    activities: [1, 2, 3, 4, 5, 6, 7],
  },
  3004: {
    required: ["entity"],
    objects: { entity: "managed-entity" },
    activities: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13],
  },
  3005: { required: ["user", "privileges"], activities: [1, 2] },
  6003: {
    required: ["actor", "api", "src_endpoint"],
    objects: { api: "api" },
    activities: [1, 2, 3, 4],
  },
};

const objects: Record<string, Shape> = {
  metadata: { required: ["product", "version"], objects: { product: "entity" } },
  entity: { oneOf: ["name", "uid"] },
  "managed-entity": { oneOf: ["name", "uid", "device", "group", "org", "policy", "user"] },
  actor: {
    oneOf: ["process", "user", "invoked_by", "session", "app_name", "app_uid"],
    objects: { user: "user" },
  },
  user: { oneOf: ["account", "name", "uid"] },
  endpoint: { oneOf: ["ip", "uid", "name", "hostname", "svc_name", "instance_uid", "domain"] },
  api: {
    required: ["operation"],
    objects: { request: "request", service: "entity" },
  },
  request: { required: ["uid"] },
};

/** Whatever an event lacks, by its place. */
function faultsOf(value: unknown, shape: Shape, at = ""): string[] {
  if (typeof value !== "object" || value === null) return [`${at} is no object`];
  const has = (name: string) => Reflect.get(value, name) !== undefined;
  const faults = (shape.required ?? []).filter((name) => !has(name)).map((name) => `${at}.${name}`);
  if (shape.oneOf !== undefined && !shape.oneOf.some(has))
    faults.push(`${at} of ${shape.oneOf.join()}`);
  for (const [name, kind] of Object.entries(shape.objects ?? {}))
    if (has(name))
      faults.push(...faultsOf(Reflect.get(value, name), objects[kind] ?? {}, `${at}.${name}`));
  return faults;
}

function eventFaults(event: OcsfEvent): string[] {
  const { class_uid: uid, activity_id: activity, category_uid: category, type_uid: type } = event;
  const shape = classes[Number(uid)];
  if (shape === undefined) return [`class ${String(uid)}`];
  const faults = [...faultsOf(event, base), ...faultsOf(event, shape)];
  if (![0, 99, ...shape.activities].includes(Number(activity)))
    faults.push(`activity ${String(activity)}`);
  if (category !== Math.floor(Number(uid) / 1000)) faults.push("category");
  if (type !== Number(uid) * 100 + Number(activity)) faults.push("type");
  if (!Number.isSafeInteger(event["time"])) faults.push("time");
  return faults;
}

const entry = (given: Partial<LogEntry> = {}): LogEntry => ({
  id: "20260301-7-1234-0",
  at: "2026-03-01T12:00:00.000Z",
  action: "app.created",
  outcome: "done",
  class: "important",
  actor: { kind: "session", accountId: "a-1", displayName: "Olga Owner" },
  credential: { kind: "session", id: "s-1" },
  address: "192.0.2.7",
  userAgent: "curl",
  app: { id: "p-1", name: "Shop" },
  targets: [{ type: "app", id: "p-1" }],
  requestId: "r-1",
  ...given,
});

const actors: [string, Partial<LogEntry>][] = [
  ["a person", {}],
  [
    "a key",
    { actor: { kind: "api-key", accountId: "b-1" }, credential: { kind: "api-key", id: "k-1" } },
  ],
  [
    "the operator's key",
    {
      actor: { kind: "operator-key", accountId: null },
      credential: { kind: "operator-key", id: "o-1" },
    },
  ],
  [
    "a stranger",
    { actor: { kind: "stranger", accountId: null }, credential: null, app: null, targets: [] },
  ],
  [
    "the system",
    { actor: { kind: "system", accountId: null }, credential: { kind: "system", id: "sweep" } },
  ],
  [
    "somebody reported",
    {
      actor: { kind: "reported", accountId: null, displayName: "Rob" },
      credential: null,
      reportedAction: "cart.emptied",
      reportedAt: "2026-03-01T11:00:00.000Z",
    },
  ],
  [
    "somebody whose whereabouts are not shown",
    { credential: null, address: null, userAgent: null, app: null, targets: [] },
  ],
];

describe.each(actors)("what %s did", (_who, given) => {
  test("is an event with all that its class requires, whatever it was and however it ended", () => {
    const wrong: unknown[] = [];
    for (const action of Object.keys(actions) as Action[])
      for (const outcome of ["done", "refused", "failed"]) {
        const event = JSON.parse(JSON.stringify(toOcsf(entry({ ...given, action, outcome }))));
        const faults = eventFaults(event);
        if (faults.length > 0) wrong.push([action, outcome, faults]);
      }
    expect(wrong).toEqual([]);
  });
});

test.each<[string, Partial<LogEntry>, number]>([
  ["a sign-in", { action: "session.signed-in" }, 300_201],
  ["a sign-out", { action: "session.signed-out" }, 300_202],
  ["a step-up", { action: "session.stepped-up" }, 300_299],
  ["a new account", { action: "account.signed-up" }, 300_101],
  ["another password", { action: "account.password-changed" }, 300_103],
  ["a second factor", { action: "factor.confirmed" }, 300_110],
  ["another name", { action: "account.renamed" }, 300_199],
  ["access given", { action: "invitation.accepted" }, 300_501],
  ["access taken", { action: "grant.revoked" }, 300_502],
  ["a key", { action: "key.created" }, 300_401],
  ["a key no longer", { action: "key.revoked" }, 300_404],
  ["other rules", { action: "address-rules.changed" }, 300_403],
  ["a look", { action: "app.read" }, 600_302],
  ["a decision", { action: "decision.made" }, 600_399],
  ["an export", { action: "entry.exported" }, 600_302],
])("%s is of its own type", (_what, given, type) => {
  expect(toOcsf(entry(given))["type_uid"]).toBe(type);
});

test("an entry is told whole: who, from where, how it ended, what changed", () => {
  const event = toOcsf(
    entry({
      action: "grant.changed",
      outcome: "refused",
      reason: "forbidden",
      targets: [{ type: "grant", id: "g-1", accountId: "c-1" }],
      change: { before: { role: "editor" }, after: { role: "admin" } },
    }),
  );
  expect(event).toMatchObject({
    time: Date.UTC(2026, 2, 1, 12),
    status_id: 2,
    status_code: "forbidden",
    severity_id: 2,
    metadata: { version: "1.8.0", uid: "20260301-7-1234-0", correlation_uid: "r-1" },
    actor: { user: { uid: "a-1", name: "Olga Owner" }, session: { uid: "s-1" } },
    src_endpoint: { ip: "192.0.2.7" },
    http_request: { user_agent: "curl" },
    user: { uid: "c-1" },
    privileges: ["admin"],
    resources: [
      { type: "app", uid: "p-1", name: "Shop" },
      { type: "grant", uid: "g-1" },
    ],
    unmapped: { change: { after: { role: "admin" } } },
  });
});

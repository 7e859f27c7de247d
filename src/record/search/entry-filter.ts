import { BlockList, isIPv6 } from "node:net";
import { actions } from "../../contract/actions.ts";
import { ExportQuery, MAX_FILTER_VALUES, type EntryQuery } from "../../contract/record/entries.ts";
import type { EntryClass } from "../../contract/record/entry-class.ts";
import { parseCidr } from "../../platform/client-address/parse-cidr.ts";
import type { FieldRules } from "../../platform/http/field-rules.ts";
import { accountsOf } from "../entries/alike.ts";
import { asUuid } from "../entries/storable.ts";
import { textFields } from "./entry-text.ts";
import { invalidQuery } from "./invalid-query.ts";
import { foldText, hasText, type TextField } from "./text-tokens.ts";
import type { VisibleEntry } from "./visible-entry.ts";
import type { Fault } from "../../contract/failures.ts";

/** What to look for, read from a query; what is left out asks for everything. */
export type EntryFilter = {
  actions?: readonly string[];
  /** Beginnings of actions, `key.` from `key.*`. */
  actionPrefixes?: readonly string[];
  outcomes?: readonly string[];
  classes?: readonly EntryClass[];
  reasons?: readonly string[];
  actorIds?: readonly string[];
  /** Accounts that did it or were touched by it. */
  personIds?: readonly string[];
  credentialIds?: readonly string[];
  appIds?: readonly string[];
  /** Canonical CIDRs; `networks` is the same, made for asking. */
  cidrs?: readonly string[];
  networks?: BlockList;
  requestIds?: readonly string[];
  fromMs?: number;
  toMs?: number;
  /** Folded. */
  text?: string;
};

type Fields = Omit<EntryQuery, "limit" | "cursor">;

type Report = (fault: Fault) => undefined;

/** @throws {ProblemError} `invalid-request` naming every parameter at fault. */
export function readFilter(query: Fields): EntryFilter {
  const { filter, failures } = readFields(query);
  if (failures.length > 0) throw invalidQuery(failures);
  return filter;
}

const choices = (...known: string[]): Fault => ({
  code: "not-choices",
  params: { choices: known.join(", ") },
});

function readFields(query: Fields): {
  filter: EntryFilter;
  failures: { field: string; fault: Fault }[];
} {
  const failures: { field: string; fault: Fault }[] = [];
  const read = <T>(
    field: keyof Fields,
    parse: (value: string, report: Report) => T | undefined,
  ) => {
    const value = query[field];
    if (value === undefined) return undefined;
    return parse(value, (fault) => void failures.push({ field, fault }));
  };
  const list = (field: keyof Fields, pattern: RegExp, otherwise: Fault) =>
    read(field, (value, report) => splitValues(value, pattern, report, otherwise));
  const wanted = list("action", /^[a-z][a-z-]*\.([a-z][a-z-]*|\*)$/, { code: "not-actions" });
  const cidrs = read("address", readCidrs);
  const filter = {
    actions: wanted?.filter((action) => !action.endsWith(".*")),
    actionPrefixes: wanted
      ?.filter((action) => action.endsWith(".*"))
      .map((action) => action.slice(0, -1)),
    outcomes: list("outcome", /^(done|refused|failed)$/, choices("done", "refused", "failed")),
    classes: list("class", /^(important|routine)$/, choices("important", "routine")) as
      | EntryClass[]
      | undefined,
    reasons: list("reason", /^[a-z][a-z0-9-]{0,60}$/, { code: "not-reasons" }),
    actorIds: read("actor", readIds),
    personIds: read("person", readIds),
    credentialIds: list("credential", /^[\w.:-]{1,200}$/, { code: "not-ids" }),
    appIds: read("app", readIds),
    cidrs,
    networks: cidrs === undefined ? undefined : networksOf(cidrs),
    requestIds: list("requestId", /^[\w.:-]{1,200}$/, { code: "not-ids" }),
    fromMs: read("from", readInstant),
    toMs: read("to", readInstant),
    text: query.text === undefined ? undefined : foldText(query.text),
  };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return { filter: Object.fromEntries(given), failures };
}

/** The same rules for one parameter after the other, told together with what else is wrong. */
export const filterRules: FieldRules = Object.fromEntries(
  Object.keys(ExportQuery.properties).map((field) => [
    `/${field}`,
    (value: string) => readFields({ [field]: value }).failures[0]?.fault ?? null,
  ]),
);

function splitValues(
  value: string,
  pattern: RegExp,
  report: Report,
  otherwise: Fault,
): string[] | undefined {
  const found = value.split(",").map((part) => part.trim());
  if (found.length > MAX_FILTER_VALUES)
    return report({ code: "too-many-values", params: { count: MAX_FILTER_VALUES } });
  if (!found.every((part) => pattern.test(part))) return report(otherwise);
  return [...new Set(found)];
}

function readIds(value: string, report: Report): string[] | undefined {
  const ids = splitValues(value, /./, report, { code: "not-ids" });
  const known = ids?.map(asUuid).filter((id) => id !== null);
  if (ids !== undefined && known?.length !== ids.length) return report({ code: "not-ids" });
  return known;
}

function readCidrs(value: string, report: Report): string[] | undefined {
  const texts = splitValues(value, /./, report, { code: "not-networks" });
  if (texts === undefined) return undefined;
  const cidrs: string[] = [];
  for (const text of texts) {
    const parsed = parseCidr(text);
    if (!parsed.ok) return report(parsed.problem.fault);
    cidrs.push(parsed.cidr);
  }
  return cidrs;
}

function networksOf(cidrs: readonly string[]): BlockList {
  const networks = new BlockList();
  for (const cidr of cidrs) {
    const [address = "", prefix] = cidr.split("/");
    networks.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return networks;
}

/** @returns ms since 1970, or undefined for what is no instant. */
export const parseInstant = (value: string): number | undefined =>
  readInstant(value, () => undefined);

/** RFC 3339 §5.6. A + that nobody escaped arrives as a space. */
const INSTANT = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+ -]\d\d:\d\d)$/;

function readInstant(value: string, report: Report): number | undefined {
  const ms = INSTANT.test(value) ? Date.parse(value.toUpperCase().replace(" ", "+")) : Number.NaN;
  if (Number.isNaN(ms)) return report({ code: "not-an-instant-with-zone" });
  return ms;
}

/** The classes in which something may fit: refusals are important, and an action that went well has its class for good. */
export function classesOf(filter: EntryFilter): readonly EntryClass[] {
  const { classes = ["important", "routine"], outcomes } = filter;
  const isRoutine =
    outcomes?.includes("done") !== false &&
    Object.entries(actions).some(
      ([action, entryClass]) => entryClass === "routine" && fitsAction(action, filter),
    );
  return isRoutine ? classes : classes.filter((entryClass) => entryClass !== "routine");
}

/** Whether the reader, who sees no more than this of the entry, has asked for it. */
export function matches(entry: VisibleEntry, filter: EntryFilter): boolean {
  return (
    fitsAction(entry.action, filter) &&
    isIn(entry.outcome, filter.outcomes) &&
    isIn(entry.class, filter.classes) &&
    isIn(entry.reason, filter.reasons) &&
    isIn(asUuid(entry.actor.accountId), filter.actorIds) &&
    matchesPerson(entry, filter) &&
    isIn(entry.requestId, filter.requestIds) &&
    fitsRest(entry, filter)
  );
}

function fitsRest(entry: VisibleEntry, filter: EntryFilter): boolean {
  return (
    matchesCredential(entry, filter) &&
    matchesApp(entry, filter) &&
    matchesAddress(entry, filter) &&
    matchesTime(entry, filter) &&
    (filter.text === undefined || hasText(fieldsOf(entry), filter.text))
  );
}

const isIn = (value: string | null | undefined, wanted: readonly string[] | undefined): boolean =>
  wanted === undefined || (typeof value === "string" && wanted.includes(value));

function fitsAction(action: string, filter: EntryFilter): boolean {
  if (filter.actions === undefined) return true;
  return (
    filter.actions.includes(action) ||
    filter.actionPrefixes?.some((prefix) => action.startsWith(prefix)) === true
  );
}

const matchesPerson = (entry: VisibleEntry, { personIds }: EntryFilter): boolean =>
  personIds === undefined || accountsOf(entry).some((accountId) => personIds.includes(accountId));

function matchesCredential({ credential, targets }: VisibleEntry, filter: EntryFilter): boolean {
  return (
    isIn(credential?.id, filter.credentialIds) ||
    targets.some(({ id }) => isIn(id, filter.credentialIds))
  );
}

function matchesApp({ appId, targets }: VisibleEntry, filter: EntryFilter): boolean {
  return (
    isIn(appId, filter.appIds) ||
    targets.some(({ type, id }) => type === "app" && isIn(asUuid(id), filter.appIds))
  );
}

function matchesAddress({ address }: VisibleEntry, { networks }: EntryFilter): boolean {
  if (networks === undefined) return true;
  return address !== null && networks.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

function matchesTime({ place }: VisibleEntry, { fromMs, toMs }: EntryFilter): boolean {
  return (
    (fromMs === undefined || place.atMs >= fromMs) && (toMs === undefined || place.atMs < toMs)
  );
}

/** All that the reader sees of the entry, its names aside. */
const fieldsOf = (entry: VisibleEntry): TextField[] => [
  { text: entry.id, isId: true },
  ...textFields({ ...entry, credentialId: entry.credential?.id ?? null }),
];

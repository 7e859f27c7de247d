import type { DecisionReason } from "../../contract/access/decisions.ts";
import type { Alike } from "../../record/entries/alike.ts";
import type { EncodedEntry } from "../../record/entries/batch.ts";
import type { AppFact, KeyFact } from "./facts.ts";
import type { Asker } from "./judge-asker.ts";
import type { Question } from "./decision-desk.ts";

type DecisionFacts = {
  question: Question;
  at: Date;
  app: AppFact;
  /** The key asked about; null when its secret was not proven or it is another app's. */
  key: KeyFact | null;
  asker: Asker;
  reason: DecisionReason;
};

const STRANGER = '\na{"kind":"stranger","account":null,"credential":null}';

/** Parts that are the same for every decision about a key or in an app; they go with the fact. */
const actors = new WeakMap<KeyFact, string>();
const apps = new WeakMap<AppFact, string>();

/**
 * A decision's entry, in the parts of record/entries/entry-codec.ts, written out by hand: this is the
 * one entry made 50,000 times a second. Only what a caller sent is escaped; ids are ours. A test
 * compares it with the codec.
 */
export function encodeDecision({
  question,
  at,
  app,
  key,
  asker,
  reason,
}: DecisionFacts): EncodedEntry {
  const isAllowed = reason === "allowed";
  const text =
    `c{"at":"${isoOf(at)}","action":"decision.made","outcome":"${isAllowed ? "done" : "refused"}","reason":"${reason}",` +
    `${cached(apps, app, appPart)},"request":"${question.requestId}"}` +
    (key === null ? STRANGER : cached(actors, key, actorPart)) +
    `\nt{"type":"permission","id":${quote(question.action)}}` +
    askerPart(asker) +
    requestPart(question) +
    `\nx{"address":${question.address === null ? "null" : `"${question.address}"`},"userAgent":${quote(question.userAgent)}}`;
  return {
    text,
    class: isAllowed ? "routine" : "important",
    organisationId: app.organisationId,
    appId: app.appId,
    credentialId: key === null ? null : key.keyId,
    accountIds: accountsOf(key, asker),
    alike:
      key === null
        ? alikeDecisions({ question, app, key, asker, reason })
        : knownAlike({ question, app, key, asker, reason }),
  };
}

/** Kinds remembered of one key: beyond it, addresses that change all the time are not worth it. */
const MAX_ALIKE = 64;

const alikes = new WeakMap<KeyFact, Map<string, Alike>>();

/** The same object for what is counted together, so that a busy key is counted by looking it up. */
function knownAlike(facts: Omit<DecisionFacts, "at"> & { key: KeyFact }): Alike {
  const { question, key, asker, reason } = facts;
  let known = alikes.get(key);
  if (known === undefined || known.size > MAX_ALIKE) alikes.set(key, (known = new Map()));
  const name = `${reason === "allowed"} ${question.address} ${asker.keyId}`;
  let alike = known.get(name);
  if (alike === undefined) known.set(name, (alike = alikeDecisions(facts)));
  return alike;
}

function alikeDecisions({ question, app, key, asker, reason }: Omit<DecisionFacts, "at">): Alike {
  const isAllowed = reason === "allowed";
  const subjects = new Set([...accountsOf(key, asker), app.appId]);
  return {
    action: "decision.made",
    outcome: isAllowed ? "done" : "refused",
    class: isAllowed ? "routine" : "important",
    actorKind: key === null ? "stranger" : "api-key",
    actorId: key === null ? null : key.accountId,
    credentialId: key === null ? null : key.keyId,
    address: question.address,
    appId: app.appId,
    apps: [app.appId],
    isGuess: false,
    subjects: [...subjects].toSorted(),
  };
}

function accountsOf(key: KeyFact | null, { accountId }: Asker): string[] {
  if (key === null) return accountId === null ? [] : [accountId];
  return accountId === null ? [key.accountId] : [key.accountId, accountId];
}

const appPart = ({ organisationId, appId }: AppFact): string =>
  `"organisation":"${organisationId}","app":"${appId}"`;

const actorPart = ({ accountId, keyId }: KeyFact): string =>
  `\na{"kind":"api-key","account":"${accountId}","credential":"${keyId}"}`;

const askerPart = ({ kind, keyId, accountId }: Asker): string =>
  `\nt{"type":"${kind}","id":"${keyId}"${accountId === null ? "" : `,"account":"${accountId}"`}}`;

function requestPart({ method, path }: Question): string {
  if (path === undefined) return "";
  return `\nt{"type":"request","id":${JSON.stringify(`${method ?? ""} ${path}`)}}`;
}

function cached<Fact extends object>(
  texts: WeakMap<Fact, string>,
  fact: Fact,
  make: (fact: Fact) => string,
): string {
  const known = texts.get(fact);
  if (known !== undefined) return known;
  const text = make(fact);
  texts.set(fact, text);
  return text;
}

/** JSON, quicker for what needs no escape: nearly everything. */
function quote(text: string): string {
  return /^[\w:.-]*$/.test(text) ? `"${text}"` : JSON.stringify(text);
}

let lastMs = Number.NaN;
let lastIso = "";

/** Many decisions fall into one millisecond. */
function isoOf(at: Date): string {
  const ms = at.getTime();
  if (ms !== lastMs) {
    lastMs = ms;
    lastIso = at.toISOString();
  }
  return lastIso;
}

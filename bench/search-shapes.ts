import type { Action } from "../src/contract/actions.ts";
import { subjectsOf } from "../src/record/entries/alike.ts";
import { encode, type EncodedEntry } from "../src/record/entries/batch.ts";
import type { Entry } from "../src/record/entries/entry.ts";
import { columnsOf } from "../src/record/search/file-important.ts";
import { idTerm, termsOf, timeTermsOf } from "../src/record/search/terms.ts";
import { hashOf, type Somebody } from "./seed-log.ts";

/* The different entries that a log for searching is made of: each comes again at other times, in other requests. */

const BIG_SHAPES = 12_000;
const SMALL_SHAPES = 6;

/** What stands in 20 entries of the big organisation, half a year ago and more. */
export const rare = {
  word: "quarterdeck",
  address: "198.51.100.77",
  network: "198.51.0.0/16",
  action: "app.transferred",
  key: "Leaver-Key-01",
} as const satisfies Record<string, string>;
/** Common, and of the small organisations alone. */
export const othersAction: Action = "grant.revoked";

export type Shape = {
  encoded: EncodedEntry;
  /** What stands around the time and the request in its text. */
  text: readonly string[];
  words: readonly string[];
  hashes: readonly number[];
  terms: string;
  columns: ReturnType<typeof columnsOf>;
  subjects: readonly string[];
  uses: number;
};

const AT = new Date(0);
const REQUEST = "Rq70000000";
export const requestOf = (turn: number): string => `Rq7${turn.toString(36).padStart(7, "0")}`;

export type Cast = {
  big: Somebody;
  smalls: readonly Somebody[];
  staff: readonly string[];
  leaver: string;
};
export type Shapes = { big: Shape[]; small: Shape[]; needle: Shape[]; routine: Shape[] };

const BROWSERS = [
  "Firefox/145.0",
  "Chrome/142.0.0.0 Safari/537.36",
  "Version/26.1 Safari/605.1.15",
];
export const addressOf = (index: number): string => `203.0.${index % 3}.${index % 200}`;

function baseOf(whose: Somebody, turn: number): Omit<Entry, "action" | "actor"> {
  return {
    at: AT,
    outcome: "done",
    organisationId: whose.organisationId,
    appId: whose.appId,
    address: addressOf(turn),
    userAgent: `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${BROWSERS[turn % BROWSERS.length]}`,
    requestId: REQUEST,
    targets: [keyTarget(whose, turn)],
  };
}

const keyAt = ({ keys }: Somebody, turn: number) => {
  const key = keys[turn % keys.length];
  if (key === undefined) throw new Error("every app has keys");
  return key;
};

const keyTarget = (whose: Somebody, turn: number) => {
  const { keyId: id, accountId } = keyAt(whose, turn);
  return { type: "key", id, accountId };
};

const bigActions: readonly Action[] = [
  "session.signed-in",
  "key.created",
  "key.revoked",
  "app.renamed",
  "role.changed",
  "service-account.created",
  "address-rules.changed",
];

/** Nine of ten are somebody's changes, the others refusals of keys. */
function anEntry(
  whose: Somebody,
  turn: number,
  { action, by }: { action: Action; by: string },
): Entry {
  const key = keyAt(whose, turn);
  if (turn % 10 === 0)
    return {
      ...baseOf(whose, turn),
      action: "decision.made",
      outcome: "refused",
      reason: "address-not-allowed",
      actor: { kind: "api-key", accountId: key.accountId, credentialId: key.keyId },
    };
  const hasFailed = action === "app.renamed" && turn % 3 === 0;
  return {
    ...baseOf(whose, turn),
    action,
    ...(hasFailed && { outcome: "failed", reason: "internal" }),
    actor: { kind: "session", accountId: by, credentialId: by },
    change: {
      before: { name: `Production ${turn % 50}`, note: "before" },
      after: { name: `Production ${turn % 51}`, note: "after" },
    },
  };
}

export function shapesOf({ big, smalls, staff, leaver }: Cast): Shapes {
  return {
    big: Array.from({ length: BIG_SHAPES }, (_, turn) =>
      shapeOf(
        anEntry(big, turn, {
          action: bigActions[turn % bigActions.length] ?? "app.renamed",
          by: staff[Math.floor(hashOf(turn) * staff.length)] ?? big.accountId,
        }),
      ),
    ),
    small: smalls.flatMap((whose) =>
      Array.from({ length: SMALL_SHAPES }, (_, turn) =>
        shapeOf(
          anEntry(whose, turn + 1, {
            action: turn === 0 ? othersAction : (bigActions[turn] ?? "app.renamed"),
            by: whose.accountId,
          }),
        ),
      ),
    ),
    needle: [
      shapeOf({
        ...baseOf(big, 0),
        action: rare.action,
        address: rare.address,
        actor: { kind: "api-key", accountId: leaver, credentialId: rare.key },
        change: { after: { note: rare.word } },
      }),
    ],
    routine: Array.from({ length: 10 }, (_, turn) => {
      const { keyId, accountId } = keyAt(big, turn);
      return shapeOf({
        ...baseOf(big, turn),
        action: "decision.made",
        actor: { kind: "api-key", accountId, credentialId: keyId },
      });
    }),
  };
}

function shapeOf(entry: Entry): Shape {
  const encoded = encode(entry);
  const { words, hashes } = termsOf(entry, AT);
  const changing = new Set([idTerm(REQUEST), ...timeTermsOf(AT)]);
  return {
    encoded,
    text: encoded.text.split(new RegExp(`${AT.toISOString()}|${REQUEST}`)),
    words: [...words],
    hashes: [...hashes].filter((term) => !changing.has(term)),
    terms: "",
    columns: columnsOf(entry),
    subjects: subjectsOf(entry),
    uses: 0,
  };
}

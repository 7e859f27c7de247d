import { areEqual } from "../../contract/proofs/bytes.ts";
import { decodeBatchLeaf, partKinds, verdicts } from "../../contract/proofs/commitment.ts";
import { rootOf } from "../../contract/proofs/merkle.ts";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import {
  encode,
  sealBatch,
  verifyBatch,
  type BatchRow,
  type ListedEntry,
} from "../entries/batch.ts";
import { decodeWanted } from "../entries/entry-codec.ts";
import type { Entry } from "../entries/entry.ts";
import { asUuid } from "../entries/storable.ts";
import { hashesOf, openParts, toOpenings, type BatchSecret } from "../proofs/openings.ts";
import { partsIn, type BatchCommitter } from "../sequencer/commit-batch.ts";
import { sha256 } from "../sequencer/log-tree.ts";
import { judgeEntry, type Part } from "./judge-entry.ts";
import { DAY_MS, type ErasurePlan, type HeldSpan } from "./plan.ts";

/** A batch on record with its leaf. */
export type StoredBatch = {
  batch: BatchRow;
  leaf: BatchSecret & { epoch: number; index: number; leaf: Buffer; takenAt: Date };
};

/** What was taken of, and left in, one organisation's log; `organisation` is null for nobody's. */
export type Taken = {
  organisation: string | null;
  /** Entries that lost something. */
  entries: number;
  parts: number;
  held: number;
};

/** What becomes of a batch. `nextMs`: when to look again; null: this plan does not say. */
export type Fate =
  /** It is not as it was written, or not what was signed: it stays for whoever investigates. */
  | { kind: "altered" }
  | ({ kind: "kept" } & Left)
  /** Nothing is left of it. */
  | ({ kind: "dropped" } & Left)
  | ({ kind: "rewritten"; batch: BatchRow; openings: Buffer } & Left);

type Left = { nextMs: number | null; taken: Taken[]; elsewhere: number };

export type Judging = {
  keyRing: KeyRing;
  committer: BatchCommitter;
  plan: ErasurePlan;
  held: readonly HeldSpan[];
  /** The database came back from before this act: it takes what it took then, also what came into the log anew since. */
  isReplay: boolean;
};

/**
 * What a plan takes of a batch. Erased parts leave their kind in the payload and their commitment among the
 * openings; the salts of the others come out of the seed, so that the leaf, and the proof of each, stays what it was.
 */
export function rewriteBatch(stored: StoredBatch, judging: Judging): Fate {
  const { batch } = stored;
  if (!isSound(stored, judging)) return { kind: "altered" };
  if (batch.class === "empty") return judgeEmpty(stored, judging);
  const entries = decodeWanted(batch.payload, () => true);
  const found = partsIn(batch.payload).map((parts, position) =>
    judgeOne(stored, { parts: parts.map(asLeft), entry: entries.get(position), judging }),
  );
  const left = leftOf(found, judging.plan);
  if (!found.some(({ erased }) => erased.size > 0)) return { kind: "kept", ...left };
  if (found.every(({ isGone }) => isGone)) return { kind: "dropped", ...left };
  return { kind: "rewritten", ...withoutErased(stored, { found, judging }), ...left };
}

/** Whether a batch is as it was written, and as it was signed. */
function isSound({ batch, leaf }: StoredBatch, { keyRing, committer }: Judging): boolean {
  const said = decodeBatchLeaf(leaf.leaf);
  if (said === null || said.verdict !== verdicts.asWritten || !verifyBatch(keyRing, batch))
    return false;
  if (leaf.seed !== null) return areEqual(committer.rootOf(batch, leaf.seed), said.root);
  const opened = openParts(batch, leaf);
  return opened !== null && areEqual(rootOf(sha256, hashesOf(opened)), said.root);
}

/** A line of which the kind alone is left was erased. */
const asLeft = ({ kind, text }: { kind: number; text: string }): Part => ({
  kind,
  text: text === "" ? null : text,
});

type Judgement = {
  /** Nothing of the entry is left, now or since an earlier act. */
  isGone: boolean;
  /** The parts that go now. */
  erased: ReadonlySet<number>;
  organisation: string | null;
  isHeld: boolean;
  isElsewhere: boolean;
  nextMs: number;
};

function judgeOne(
  stored: StoredBatch,
  { parts, entry, judging }: { parts: readonly Part[]; entry: Entry | undefined; judging: Judging },
): Judgement {
  const nothing = { organisation: null, isHeld: false, isElsewhere: false, nextMs: Infinity };
  if (entry === undefined) return { ...nothing, isGone: true, erased: new Set() };
  const looked = { entry, parts, class: stored.batch.class, sinceMs: sinceOf(stored, judging) };
  const { erased, ...rest } = judgeEntry(judging.plan, looked, judging.held);
  const there = [...parts.keys()].filter((at) => parts[at]?.text !== null);
  return {
    ...rest,
    isGone: erased === "all",
    erased: erased === "all" ? new Set(there) : erased,
    organisation: asUuid(entry.organisationId),
  };
}

/**
 * A batch's time is its writer's, which may have a wrong clock; when it came into the log PostgreSQL says. What came
 * into it again since the act, because the database came back from the past, is as old as it says itself.
 */
function sinceOf({ batch, leaf }: StoredBatch, { isReplay, plan }: Judging): number {
  const [writtenMs, takenMs] = [batch.at.getTime(), leaf.takenAt.getTime()];
  return isReplay && takenMs > Date.parse(plan.at) ? writtenMs : Math.max(writtenMs, takenMs);
}

/** A number under which nothing was committed: in nobody's log, and of no use longer than anything else. */
function judgeEmpty(stored: StoredBatch, judging: Judging): Fate {
  const { plan } = judging;
  const left = { taken: [], elsewhere: 0 };
  if (plan.kind === "person") return { kind: "kept", nextMs: null, ...left };
  const endsMs = sinceOf(stored, judging) + plan.periods.importantDays * DAY_MS;
  if (endsMs > Date.parse(plan.at)) return { kind: "kept", nextMs: endsMs, ...left };
  return { kind: "dropped", nextMs: null, ...left };
}

function leftOf(found: readonly Judgement[], plan: ErasurePlan): Left {
  const taken = new Map<string | null, Taken>();
  for (const { organisation, erased, isHeld } of found) {
    if (erased.size === 0 && !isHeld) continue;
    const known = taken.get(organisation) ?? { organisation, entries: 0, parts: 0, held: 0 };
    known.entries += Math.sign(erased.size);
    known.parts += erased.size;
    known.held += isHeld ? 1 : 0;
    taken.set(organisation, known);
  }
  const nextMs = Math.min(...found.map((entry) => entry.nextMs));
  return {
    nextMs: plan.kind === "retention" && Number.isFinite(nextMs) ? nextMs : null,
    taken: [...taken.values()],
    elsewhere: found.filter(({ isElsewhere }) => isElsewhere).length,
  };
}

const kindLetters: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(partKinds).map(([letter, kind]) => [kind, letter]),
);

/** The batch with what is left of it, its lists and its MAC, and what opens that. */
function withoutErased(
  { batch, leaf }: StoredBatch,
  { found, judging }: { found: readonly Judgement[]; judging: Judging },
): { batch: BatchRow; openings: Buffer } {
  const [head, ...entries] = openParts(batch, leaf) ?? [];
  if (head === undefined) throw new Error("a batch that was opened opens");
  const left = entries.map((parts, position) =>
    parts.map((part, at) =>
      found[position]?.erased.has(at) === true ? { ...part, text: null, salt: null } : part,
    ),
  );
  const texts = left.map((parts) =>
    parts.map(({ kind, text }) => `${kindLetters[kind]}${text ?? ""}`).join("\n"),
  );
  const { day, writer, number, at } = batch;
  const sealed = sealBatch(
    judging.keyRing,
    { day, writer, number },
    { at, entries: texts.map((text) => listed(batch, text)) },
  );
  return { batch: sealed, openings: toOpenings([head, ...left]) };
}

const NOBODY = { organisationId: null, appId: null, credentialId: null, accountIds: [] } as const;

/** What the batch lists of an entry: of one that is gone, nothing. */
function listed(batch: BatchRow, text: string): ListedEntry {
  const entry = decodeWanted(Buffer.from(text, "utf8"), () => true).get(0);
  // The batch's own class: the contract may not know an action any more.
  const entryClass = batch.class === "routine" ? ("routine" as const) : ("important" as const);
  return { ...(entry === undefined ? NOBODY : encode(entry)), text, class: entryClass };
}

import type { Acts, LeaverReceipt, RemovalChange } from "../access/receipt.ts";
import { areEqual } from "./bytes.ts";
import { parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { partKinds } from "./commitment.ts";
import { countSubjects, type Count } from "./count-map.ts";
import { parseNote, parseVerifierKey, type VerifierKey } from "./note.ts";
import { openBatch, openCount, openMap, type ProvenMap } from "./verify-counts.ts";
import { openEntry, type ProvenEntry } from "./verify-entry.ts";
import { LogFault, openCheckpoint, type ProofCrypto } from "./verify-log.ts";

/** What a receipt states, each checked by itself: whoever changed it is told which one no longer holds. */
export const receiptStatements = ["signature", "removal", "counts", "acts", "app"] as const;
export type ReceiptStatement = (typeof receiptStatements)[number];

export type ReceiptCheck = {
  statement: ReceiptStatement;
  /** Of `app`: which one. */
  app?: string;
  /** What is wrong, in English; null where it holds. */
  fault: string | null;
};

/** When somebody last did something that was not refused: the leaf, and its time where that is still known. */
export type LastAct = { leaf: number; at: string | null };

export type ReachedApp = {
  id: string;
  name: string | null;
  /** Null for an app that was reached as owner or officer. */
  role: string | null;
  lastUse: LastAct | null;
  /** It was used after the removal. */
  isUsedSince: boolean;
};

export type RemovalSaid = {
  entry: string;
  leaf: number;
  at: string;
  organisation: { id: string; name: string | null };
  person: { id: string; name: string | null; email: string | null };
  membership: string | null;
  revokedKeys: number;
  keptKeys: number;
};

/** What a receipt says. Believe of it what its checks bear out. */
export type ReceiptSaid = {
  origin: string;
  size: number;
  key: string;
  removal: RemovalSaid;
  /** Until when what came is counted; null where that is not known. */
  upTo: string | null;
  apps: ReachedApp[];
  /** How much they ever did in the organisation. */
  acts: number;
  lastAct: LastAct | null;
  /** Something that they did, and that was not refused, came into the log after the removal. */
  isFollowed: boolean;
};

export type VerifiedReceipt = {
  isValid: boolean;
  checks: ReceiptCheck[];
  /** Null where the receipt can't be read so far. */
  said: ReceiptSaid | null;
};

/**
 * Checks a leaver's receipt: every statement that it makes, against the log's signed head.
 *
 * @param key the log's key as it is known; without it the receipt's own is taken, which proves only that one key signed all of it.
 */
export async function verifyLeaversReceipt(
  crypto: ProofCrypto,
  receipt: LeaverReceipt,
  key?: VerifierKey,
): Promise<VerifiedReceipt> {
  const { sha256 } = crypto;
  const checks = new Checks();
  const checkpoint = readCheckpoint(receipt);
  await checks.try("signature", async () => {
    await requireSignature(crypto, receipt, key);
  });
  const removal = await checks.try("removal", () => openRemoval(sha256, checkpoint, receipt));
  const counts = await checks.try("counts", () => openCounts(sha256, checkpoint, receipt));
  const found = { checkpoint, removal, counts };
  const acts = await checks.try("acts", () =>
    openActs(sha256, found, receipt.acts, (organisationId, accountId) =>
      countSubjects.actsIn(organisationId, accountId),
    ),
  );
  const apps: ReachedApp[] = [];
  for (const { app, acts: used } of listOf(receipt.apps)) {
    const opened = await checks.try(
      "app",
      () => openActs(sha256, found, used, (_, accountId) => countSubjects.actsAt(app, accountId)),
      app,
    );
    apps.push(reached(app, { removal, opened }));
  }
  return {
    isValid: checks.all.every(({ fault }) => fault === null),
    checks: checks.all,
    said: removal === null ? null : saidOf(receipt, { ...found, removal, acts, apps }),
  };
}

type Found = {
  checkpoint: Checkpoint | null;
  removal: Opened | null;
  counts: (ProvenMap & { upTo: string | null }) | null;
};

function saidOf(
  { key }: LeaverReceipt,
  {
    removal,
    counts,
    acts,
    apps,
  }: Found & { removal: Opened; acts: OpenedActs | null; apps: ReachedApp[] },
): ReceiptSaid {
  const { origin, size } = removal.checkpoint;
  return {
    origin,
    size,
    key,
    removal: removal.said,
    upTo: counts === null ? null : counts.upTo,
    apps,
    acts: acts?.count?.count ?? 0,
    lastAct: acts === null ? null : acts.last,
    isFollowed: isAfter(acts, removal) || apps.some(({ isUsedSince }) => isUsedSince),
  };
}

async function requireSignature(
  crypto: ProofCrypto,
  { format, key, removal }: LeaverReceipt,
  known: VerifierKey | undefined,
): Promise<void> {
  if (format !== "sallyport-leavers-receipt/v1")
    throw new LogFault("It is no receipt of a kind that is known here.");
  const own = parseVerifierKey(crypto.sha256, key);
  if (own === null) throw new LogFault("The log's key can't be read.");
  if (known !== undefined && !areEqual(known.publicKey, own.publicKey))
    throw new LogFault("It is signed with another key than the one that you gave.");
  await openCheckpoint(crypto, removal.checkpoint, own);
}

/** Runs one check after the other and notes what came of it. */
class Checks {
  readonly all: ReceiptCheck[] = [];

  async try<T>(
    statement: ReceiptStatement,
    work: () => T | Promise<T>,
    app?: string,
  ): Promise<T | null> {
    const check = { statement, ...(app !== undefined && { app }) };
    try {
      const result = await work();
      this.all.push({ ...check, fault: null });
      return result;
    } catch (error) {
      const fault = error instanceof LogFault ? error.message : "It can't be read.";
      this.all.push({ ...check, fault });
      return null;
    }
  }
}

const listOf = <T>(value: readonly T[]): readonly T[] => (Array.isArray(value) ? value : []);

/** What the receipt says of its log; not believed until its signature is checked. */
function readCheckpoint(receipt: LeaverReceipt): Checkpoint | null {
  const source = receipt.removal?.checkpoint;
  return typeof source === "string" ? parseCheckpoint(parseNote(source)?.text ?? "") : null;
}

type Named = { name: string; role: string | null };

type Opened = {
  /** That it was checked against. */
  checkpoint: Checkpoint;
  said: RemovalSaid;
  /** By app id. */
  named: Map<string, Named>;
};

type Sha = ProofCrypto["sha256"];

function required<T>(value: T | null): T {
  if (value === null) throw new LogFault("What it rests on does not hold.");
  return value;
}

function openRemoval(sha256: Sha, head: Checkpoint | null, receipt: LeaverReceipt): Opened {
  const checkpoint = required(head);
  const proven = openEntry(sha256, checkpoint, receipt.removal);
  if (proven.isAltered)
    throw new LogFault("The entry had been altered before it came into the log.");
  const core = partOf(proven, partKinds.c) as Core;
  const target = partOf(proven, partKinds.t) as { type: string; id: string };
  if (core.action !== "access.removed-from-everything" || core.outcome !== "done")
    throw new LogFault("The entry is of something else than a removal.");
  if (target.type !== "account") throw new LogFault("The entry does not say who was removed.");
  const change = changeIn(proven);
  requireApps(change, receipt);
  const { before, after } = change;
  return {
    checkpoint,
    named: namesIn(change),
    said: {
      entry: receipt.removal.entry,
      leaf: receipt.removal.leaf.index,
      at: core.at,
      organisation: { id: core.organisation, name: before.organisation ?? null },
      person: { id: target.id, ...personIn(change) },
      membership: before.membership,
      revokedKeys: after.revokedKeys.length,
      keptKeys: after.keptKeys?.length ?? 0,
    },
  };
}

type Core = { at: string; action: string; outcome: string; organisation: string };

function partOf({ parts }: ProvenEntry, wanted: number): unknown {
  const text = parts.find(({ kind }) => kind === wanted)?.text;
  if (text === undefined) throw new LogFault("A part of the entry is not shown, or was erased.");
  return JSON.parse(text) as unknown;
}

/** What there was may have been erased since, or have been too much for an entry. */
function changeIn(proven: ProvenEntry): RemovalChange {
  const isShown = proven.parts.some(({ kind }) => kind === partKinds.d);
  const change = isShown ? (partOf(proven, partKinds.d) as Partial<RemovalChange>) : {};
  return {
    before: change.before ?? { membership: null, grants: [] },
    after: change.after ?? { revokedKeys: [] },
  };
}

const personIn = ({ before: { person } }: RemovalChange) => ({
  name: person?.displayName ?? null,
  email: person?.email ?? null,
});

const namesIn = ({ before: { apps = [], grants } }: RemovalChange): Opened["named"] =>
  new Map([
    ...apps.map(({ id, name }) => [id, { name, role: null }] as [string, Named]),
    ...grants.map(({ app, role }) => [app.id, { name: app.name, role }] as [string, Named]),
  ]);

/** A receipt that leaves out an app would hide its last use. */
function requireApps({ before }: RemovalChange, { apps }: LeaverReceipt): void {
  const held = new Set(listOf(apps).map(({ app }) => app));
  const missing = before.grants.find(({ app }) => !held.has(app.id));
  if (missing !== undefined)
    throw new LogFault(`It says nothing of ${missing.app.name}, which the person could reach.`);
}

function openCounts(
  sha256: Sha,
  checkpoint: Checkpoint | null,
  receipt: LeaverReceipt,
): ProvenMap & { upTo: string | null } {
  const head = required(checkpoint);
  const map = openMap(sha256, head, receipt.map);
  if (map.covered <= receipt.removal.leaf.index)
    throw new LogFault("The counts are from before the removal.");
  if (receipt.upTo === null) return { ...map, upTo: null };
  const last = openBatch(sha256, head, receipt.upTo);
  if (last.leaf >= map.covered) throw new LogFault("Its last batch is not counted.");
  return { ...map, upTo: last.head.at };
}

type OpenedActs = { count: Count | null; last: LastAct | null };

/** @param subjectOf what is counted, by the ids of organisation and account that the removal names */
function openActs(
  sha256: Sha,
  { checkpoint, removal, counts }: Found,
  { salt, count: proof, last }: Acts,
  subjectOf: (organisationId: string, accountId: string) => string,
): OpenedActs {
  const { organisation, person } = required(removal).said;
  const subject = subjectOf(organisation.id, person.id);
  const count = openCount(sha256, required(counts), { subject, salt, count: proof });
  if (count === null) {
    if (last !== null) throw new LogFault("Where nothing was done there is no last time.");
    return { count, last: null };
  }
  if (last === null) return { count, last: { leaf: count.last, at: null } };
  const batch = openBatch(sha256, required(checkpoint), last);
  if (batch.leaf !== count.last)
    throw new LogFault("The last time is another one than is counted.");
  return { count, last: { leaf: batch.leaf, at: batch.head.at } };
}

const isAfter = (acts: OpenedActs | null, removal: Opened): boolean =>
  acts?.last != null && acts.last.leaf > removal.said.leaf;

function reached(
  app: string,
  { removal, opened }: { removal: Opened | null; opened: OpenedActs | null },
): ReachedApp {
  const named = removal?.named.get(app);
  return {
    id: app,
    name: named?.name ?? null,
    role: named?.role ?? null,
    lastUse: opened?.last ?? null,
    isUsedSince: removal !== null && isAfter(opened, removal),
  };
}

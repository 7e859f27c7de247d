import type { BatchRange, CompletenessProof } from "../record/counts.ts";
import { countSubjects } from "./count-map.ts";
import type { VerifierKey } from "./note.ts";
import { openCount, openMap } from "./verify-counts.ts";
import { LogFault, openCheckpoint, type ProofCrypto } from "./verify-log.ts";

/** An organisation or an app, and how many entries of it came into the log between the two maps. */
export type ProvenCount = {
  subject: { organisation: string } | { app: string };
  /** As told. */
  name: string | null;
  entries: number;
};

export type ProvenCounts = {
  origin: string;
  /** Leaves from `from` on and before `to` were counted. */
  from: number;
  to: number;
  subjects: ProvenCount[];
};

/** @throws {LogFault} in words for whatever does not hold. */
export async function verifyCompleteness(
  crypto: ProofCrypto,
  proof: CompletenessProof,
  key: VerifierKey,
): Promise<ProvenCounts> {
  const { sha256 } = crypto;
  const checkpoint = await openCheckpoint(crypto, proof.checkpoint, key);
  const to = openMap(sha256, checkpoint, proof.to);
  const from = proof.from === null ? null : openMap(sha256, checkpoint, proof.from);
  if (from !== null && from.index > to.index)
    throw new LogFault("The end stands before the beginning.");
  const subjects = proof.subjects.map((counted) => {
    const { subject, salt } = nameOf(counted.subject);
    const after = openCount(sha256, to, { subject, salt, count: counted.to });
    if ((from === null) !== (counted.from === null))
      throw new LogFault(`The count of ${subject} lacks its beginning.`);
    const before =
      from === null || counted.from === null
        ? null
        : openCount(sha256, from, { subject, salt, count: counted.from });
    const entries = (after?.count ?? 0) - (before?.count ?? 0);
    if (entries < 0) throw new LogFault(`The count of ${subject} went down.`);
    const { salt: _, ...named } = counted.subject;
    return { subject: named, name: counted.name ?? null, entries };
  });
  return { origin: checkpoint.origin, from: from?.covered ?? 0, to: to.covered, subjects };
}

const nameOf = (
  counted: CompletenessProof["subjects"][number]["subject"],
): { subject: string; salt: string } => ({
  subject:
    "app" in counted
      ? countSubjects.app(counted.app)
      : countSubjects.organisation(counted.organisation),
  salt: counted.salt,
});

/** Of an entry that was exported: its id, and the apps that it is about. */
export type ExportedEntry = { id: string; apps: readonly string[] };

export type AppCheck = {
  app: string;
  name: string | null;
  /** Entries that the log counted, and those in the export that were among them. */
  counted: number;
  found: number;
};

/**
 * Compares an export with what the log counted, app by app. Entries before and after are left out; which
 * those are the log says by the numbers of its batches.
 */
export async function compareExport(
  { batches }: Pick<CompletenessProof, "batches">,
  { subjects }: ProvenCounts,
  entries: Iterable<ExportedEntry> | AsyncIterable<ExportedEntry>,
): Promise<AppCheck[]> {
  const isBetween = rangeFinder(batches);
  const found = new Map<string, number>();
  const seen = new Set<string>();
  for await (const { id, apps } of entries) {
    if (!isBetween(id) || seen.has(id)) continue;
    seen.add(id);
    for (const app of new Set(apps)) found.set(app, (found.get(app) ?? 0) + 1);
  }
  return subjects.flatMap(({ subject, name, entries: counted }) =>
    "app" in subject
      ? [{ app: subject.app, name, counted, found: found.get(subject.app) ?? 0 }]
      : [],
  );
}

/** Whether an entry's id names a batch of these ranges. */
function rangeFinder(batches: readonly BatchRange[]): (id: string) => boolean {
  const byWriter = Map.groupBy(batches, ({ writer }) => writer);
  return (id) => {
    const [, writer, number] = id.split("-").map(Number);
    return (
      byWriter
        .get(writer ?? 0)
        ?.some(({ first, last }) => first <= (number ?? 0) && (number ?? 0) <= last) ?? false
    );
  };
}

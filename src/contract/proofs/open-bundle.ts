import { areEqual } from "./bytes.ts";
import { BUNDLE_FORMAT, type BundledLog, type BundleLine } from "./bundle.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { checkWitnesses, type WitnessReport } from "./cosignatures.ts";
import { decodeHashes } from "./hash-text.ts";
import { keyFor } from "./lives.ts";
import { isConsistent } from "./merkle.ts";
import { parseVerifierKey, type VerifierKey } from "./note.ts";
import type { WitnessPolicy } from "./policy.ts";
import { LogFault, openCheckpoint, type ProofCrypto } from "./verify-log.ts";

/** A log of a bundle whose head is signed. */
export type OpenedLog = {
  checkpoint: Checkpoint;
  /** Signed by a key that was given, not just by the one that the bundle names. */
  isTrusted: boolean;
  /** What the given witnesses say of its head; null where none were given. */
  witnessed: WitnessReport | null;
  /** Leaves of the kept checkpoint from which it was seen to go on; null where there was none of it. */
  goesOnFrom: number | null;
};

export type BundleKeys = {
  /** Of the log, as whoever checks was given them. */
  keys: readonly VerifierKey[];
  /** A checkpoint that was kept from earlier, as it was read then. */
  since?: string | undefined;
  /** Who must have signed the newest head beside the log. */
  witnesses?: WitnessPolicy | undefined;
};

export type OpenedBundle = Pick<BundleLine, "madeAt" | "asked"> & { logs: OpenedLog[] };

/**
 * Checks the first line of a bundle: the heads that all the rest is held against.
 *
 * @throws {LogFault} for whatever does not hold.
 */
export async function openBundle(
  crypto: ProofCrypto,
  line: unknown,
  given: BundleKeys,
): Promise<OpenedBundle> {
  if (!isBundleLine(line)) throw new LogFault(`It is no bundle of the format ${BUNDLE_FORMAT}.`);
  const logs: OpenedLog[] = [];
  for (const log of line.logs) logs.push(await openLog(crypto, log, given));
  const newest = logs.at(-1);
  if (newest?.witnessed?.isMet === false)
    throw new LogFault("Too few witnesses have signed the log's head.");
  if (given.since !== undefined && logs.every(({ goesOnFrom }) => goesOnFrom === null))
    throw new LogFault("The checkpoint that you kept is of none of the bundle's logs.");
  return { madeAt: line.madeAt, asked: line.asked, logs };
}

function isBundleLine(line: unknown): line is BundleLine {
  if (typeof line !== "object" || line === null) return false;
  const { type, format, madeAt, asked, logs } = line as Partial<BundleLine>;
  if (type !== "bundle" || format !== BUNDLE_FORMAT || typeof madeAt !== "string") return false;
  if (typeof asked !== "object" || asked === null || !Array.isArray(logs)) return false;
  return logs.length > 0 && logs.every(isLog);
}

const isLog = (log: unknown): boolean => {
  if (typeof log !== "object" || log === null) return false;
  const { key, checkpoint } = log as Partial<BundledLog>;
  return typeof key === "string" && typeof checkpoint === "string";
};

async function openLog(
  crypto: ProofCrypto,
  log: BundledLog,
  { keys, since, witnesses }: BundleKeys,
): Promise<OpenedLog> {
  const named = parseVerifierKey(crypto.sha256, log.key);
  if (named === null) throw new LogFault("The key that the bundle names can't be read.");
  const trusted = keyFor(crypto.sha256, keys, named.name);
  if (trusted === null && keys.length > 0)
    throw new LogFault(`The bundle is of ${named.name}, and no key of that log was given.`);
  const key = trusted ?? named;
  const checkpoint = await openCheckpoint(crypto, log.checkpoint, key);
  const witnessed =
    witnesses === undefined ? null : await checkWitnesses(crypto, log.checkpoint, witnesses);
  const [forged] = witnessed?.forged ?? [];
  if (forged !== undefined)
    throw new LogFault(`A signature on the log's head claims to be of ${forged}, and is not.`);
  return {
    checkpoint,
    isTrusted: trusted !== null,
    witnessed,
    goesOnFrom: since === undefined ? null : await goesOn(crypto, { log, key, checkpoint, since }),
  };
}

/** How many leaves the kept checkpoint has, once the log was seen to go on from it; null: it is of another life. */
async function goesOn(
  crypto: ProofCrypto,
  {
    log,
    key,
    checkpoint,
    since,
  }: { log: BundledLog; key: VerifierKey; checkpoint: Checkpoint; since: string },
): Promise<number | null> {
  if (since.split("\n", 1)[0] !== checkpoint.origin) return null;
  const kept = await openCheckpoint(crypto, since, key);
  if (kept.size > checkpoint.size)
    throw new LogFault(
      `The bundle ends at ${checkpoint.size} leaves, and you keep a checkpoint of ${kept.size}: export it again.`,
    );
  if (kept.size === checkpoint.size) {
    if (!areEqual(kept.root, checkpoint.root))
      throw new LogFault("The log shows two histories: its head is not the one that you kept.");
    return kept.size;
  }
  const path = log.since?.size === kept.size ? decodeHashes(log.since.path) : null;
  if (path === null)
    throw new LogFault(
      `The bundle does not say how it goes on from ${kept.size} leaves: export it with sinceSize=${kept.size}.`,
    );
  if (!isConsistent(crypto.sha256, kept, checkpoint, path))
    throw new LogFault(
      `The log does not go on from the ${kept.size} leaves that you keep: one was changed or taken out.`,
    );
  return kept.size;
}

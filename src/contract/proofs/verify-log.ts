import { areEqual, toBase64 } from "./bytes.ts";
import { parseCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { decodeBatchLeaf, verdicts } from "./commitment.ts";
import { GrowingRoot } from "./growing-root.ts";
import { hashLeaf, type Sha256 } from "./merkle.ts";
import { parseNote, signaturesBy, signedMessage, type Note, type VerifierKey } from "./note.ts";
import { TILE_WIDTH, tilePath, type TilePlace } from "./tiles.ts";

/** What checking needs of its surroundings: Node and browsers have each their own. */
export type ProofCrypto = {
  sha256: Sha256;
  /** Whether an Ed25519 signature (RFC 8032) of the message is the key's. */
  isSigned(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
};

/** Gives a file of the log by its path below the log's address. @throws when there is none. */
export type ReadFile = (path: string) => Promise<Uint8Array>;

export type LogReport = {
  origin: string;
  /** Leaves, all of them read. */
  size: number;
  /** Entries in its batches. */
  entries: number;
  /** Leaves whose batch the log itself says was not as it was written. */
  altered: number[];
  /** Leaves of the earlier checkpoint, which this log was seen to go on from; null: none was given. */
  goesOnFrom: number | null;
};

/** What is wrong with a log, and where. */
export class LogFault extends Error {
  override readonly name = "LogFault";
  /** The first leaf at fault, where one can be named. */
  readonly leaf: number | null;

  constructor(message: string, leaf: number | null = null) {
    super(message);
    this.leaf = leaf;
  }
}

export type LogToVerify = {
  read: ReadFile;
  key: VerifierKey;
  /** A checkpoint that was kept from earlier, as it was read then. */
  earlier?: string | undefined;
  onProgress?: ((read: number, size: number) => void) | undefined;
};

/**
 * Reads a whole log and checks that its leaves have the root that was signed, and that they begin with
 * those of the earlier checkpoint.
 *
 * @throws {LogFault} for whatever is not as it should be; what reading throws.
 */
export async function verifyLog(crypto: ProofCrypto, log: LogToVerify): Promise<LogReport> {
  const source = new TextDecoder().decode(await log.read("checkpoint"));
  const checkpoint = await openCheckpoint(crypto, source, log.key);
  const earlier =
    log.earlier === undefined ? null : await openCheckpoint(crypto, log.earlier, log.key);
  if (earlier !== null && earlier.size > checkpoint.size)
    throw new LogFault(
      `The log has ${checkpoint.size} leaves, and had ${earlier.size}: it was cut, or is shown from the past.`,
      checkpoint.size,
    );
  const { root, earlierRoot, ...found } = await readLeaves(crypto, log, { checkpoint, earlier });
  if (earlier !== null && !areEqual(earlierRoot, earlier.root))
    throw new LogFault(`Among the first ${earlier.size} leaves one is not what it was.`);
  if (!areEqual(root, checkpoint.root)) throw await nameFault(crypto, log, checkpoint);
  const { origin, size } = checkpoint;
  return { origin, size, ...found, goesOnFrom: earlier?.size ?? null };
}

/** A checkpoint whose signature by the log's key holds. @throws {LogFault} */
export async function openCheckpoint(
  crypto: ProofCrypto,
  source: string,
  key: VerifierKey,
): Promise<Checkpoint> {
  const note = parseNote(source);
  const checkpoint = parseCheckpoint(note?.text ?? "");
  if (note === null || checkpoint === null) throw new LogFault("The checkpoint can't be read.");
  if (checkpoint.origin !== key.name)
    throw new LogFault(`The checkpoint is of ${checkpoint.origin}, and the key of ${key.name}.`);
  if (!(await isSignedBy(crypto, note, key)))
    throw new LogFault(`The checkpoint is not signed by ${key.name}.`);
  return checkpoint;
}

/** Every signature that claims to be of the key must be, and there must be one. */
async function isSignedBy(crypto: ProofCrypto, note: Note, key: VerifierKey): Promise<boolean> {
  const claimed = signaturesBy(note, key);
  for (const claim of claimed) {
    const signed = signedMessage(key, note, claim);
    if (signed === null) return false;
    if (!(await crypto.isSigned(key.publicKey, signed.message, signed.signature))) return false;
  }
  return claimed.length > 0;
}

async function readLeaves(
  { sha256 }: ProofCrypto,
  { read, onProgress }: LogToVerify,
  { checkpoint, earlier }: { checkpoint: Checkpoint; earlier: Checkpoint | null },
) {
  const tree = new GrowingRoot(sha256);
  const altered: number[] = [];
  let entries = 0;
  let earlierRoot = tree.root();
  for (const place of tilesOf("entries", checkpoint.size)) {
    for (const leaf of leavesIn(await read(tilePath(place)), place)) {
      const batch = decodeBatchLeaf(leaf);
      entries += batch?.count ?? 0;
      if (batch?.verdict === verdicts.altered) altered.push(tree.size);
      tree.add(hashLeaf(sha256, leaf));
      if (tree.size === earlier?.size) earlierRoot = tree.root();
    }
    onProgress?.(tree.size, checkpoint.size);
  }
  return { root: tree.root(), earlierRoot, entries, altered };
}

function* tilesOf(level: "entries", size: number): Generator<TilePlace> {
  for (let from = 0; from < size; from += TILE_WIDTH)
    yield { level, n: from / TILE_WIDTH, width: Math.min(TILE_WIDTH, size - from) };
}

/** The leaves of a bundle, each behind its length. @throws {LogFault} for anything else. */
function leavesIn(bundle: Uint8Array, { n, width }: TilePlace): Uint8Array[] {
  const leaves: Uint8Array[] = [];
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  for (let at = 0; at + 2 <= bundle.length;) {
    const end = at + 2 + view.getUint16(at);
    if (end > bundle.length) break;
    leaves.push(bundle.subarray(at + 2, end));
    at = end;
  }
  const bytes = leaves.reduce((sum, leaf) => sum + leaf.length + 2, 0);
  if (leaves.length !== width || bytes !== bundle.length)
    throw new LogFault(`Bundle ${n} does not hold ${width} leaves.`, n * TILE_WIDTH);
  return leaves;
}

/** The leaves do not have the signed root: looks for the first that is not what the tree's own hashes say. */
async function nameFault(
  { sha256 }: ProofCrypto,
  { read }: LogToVerify,
  { size, root }: Checkpoint,
): Promise<LogFault> {
  for (const place of tilesOf("entries", size)) {
    const leaves = leavesIn(await read(tilePath(place)), place);
    const hashes = await read(tilePath({ ...place, level: 0 }));
    const wrong = leaves.findIndex((leaf, index) => {
      const expected = hashes.subarray(index * 32, index * 32 + 32);
      return !areEqual(hashLeaf(sha256, leaf), expected);
    });
    const index = place.n * TILE_WIDTH + wrong;
    if (wrong >= 0) return new LogFault(`Leaf ${index} is not the one that was signed.`, index);
  }
  return new LogFault(
    `The log's ${size} leaves do not have the root that was signed, ${toBase64(root)}.`,
  );
}

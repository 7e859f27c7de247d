import { fromBase64, toBase64 } from "./bytes.ts";
import { HASH_BYTES } from "./merkle.ts";

/** What a log says of itself, C2SP tlog-checkpoint v1.0.0. */
export type Checkpoint = {
  /** The log's name. */
  origin: string;
  /** Leaves. */
  size: number;
  root: Uint8Array;
};

/** The text that is signed. Extension lines are not made: monitors could not check them. */
export const formatCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${toBase64(root)}\n`;

/** Null for what is no checkpoint. Extension lines may follow and are left alone. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin, size, root, ...others] = text.split("\n");
  if (origin === undefined || origin === "" || size === undefined || root === undefined)
    return null;
  if (others.at(-1) !== "" || others.slice(0, -1).includes("")) return null;
  if (!/^(?:0|[1-9]\d{0,15})$/.test(size)) return null;
  const bytes = fromBase64(root);
  if (bytes?.length !== HASH_BYTES) return null;
  return { origin, size: Number(size), root: bytes };
}

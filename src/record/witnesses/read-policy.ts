import { readFile } from "node:fs/promises";
import { parsePolicy, type WitnessPolicy } from "../../contract/proofs/policy.ts";
import { sha256 } from "../sequencer/log-tree.ts";

/** The witnesses that a file names. @throws {Error} saying what is wrong with which line. */
export async function readPolicy(path: string): Promise<WitnessPolicy> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    throw new Error(`SALLYPORT_WITNESS_POLICY: ${path} cannot be read`, { cause: error });
  }
  try {
    return parsePolicy(sha256, text);
  } catch (error) {
    throw new Error(`SALLYPORT_WITNESS_POLICY: ${path}, ${(error as Error).message}`, {
      cause: error,
    });
  }
}

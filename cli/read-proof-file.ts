import { readFile } from "node:fs/promises";
import type { TSchema } from "typebox";
import { Check, Errors } from "typebox/value";
import type { Static } from "typebox";

/**
 * A proof from its file; of a page that was kept, the proof that it holds.
 *
 * @param what it should be, for whoever gave another file
 * @throws {Error} in words.
 */
export async function readProofFile<Schema extends TSchema>(
  schema: Schema,
  { file, what }: { file: string; what: string },
): Promise<Static<Schema>> {
  let proof: unknown;
  try {
    proof = JSON.parse(proofIn(await readFile(file, "utf8")));
  } catch (error) {
    throw new Error(`${file} can't be read: ${(error as Error).message}`, { cause: error });
  }
  if (Check(schema, proof)) return proof;
  const [first] = Errors(schema, proof);
  throw new Error(`${file} is no ${what}: ${first?.instancePath ?? ""} ${first?.message ?? ""}`);
}

const HELD = /<script type="application\/json" id="receipt">([^<]*)<\/script>/;

const proofIn = (text: string): string => HELD.exec(text)?.[1] ?? text;

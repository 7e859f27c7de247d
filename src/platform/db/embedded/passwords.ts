import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { readIfThere, writeSynced } from "./cluster-home.ts";
import { EmbeddedPostgresError } from "./embedded-error.ts";

/**
 * Who may connect. The socket's folder (mode 700) already keeps other users out. Passwords are asked
 * all the same, because root's clusters share one uid: what breaks out of one server process must not
 * walk into the next cluster, and the runtime must not become the owner by naming it.
 */
export type Passwords = { owner: string; runtime: string };

const BYTES = 32;

/** @throws EmbeddedPostgresError when the file is gone: the server keeps only digests. */
export async function readPasswords(control: string): Promise<Passwords> {
  const text = await readIfThere(pathIn(control));
  if (text !== undefined) return parse(text);
  throw new EmbeddedPostgresError(
    `${pathIn(control)} is gone, and without it nothing can connect to the database. Restore it, or delete ${dirname(control)} to start empty.`,
  );
}

/** The passwords of a new cluster; those of an interrupted start serve again. */
export async function makePasswords(control: string): Promise<Passwords> {
  const text = await readIfThere(pathIn(control));
  if (text !== undefined) return parse(text);
  const made = { owner: makePassword(), runtime: makePassword() };
  await writeSynced(pathIn(control), `${JSON.stringify(made)}\n`);
  return made;
}

function parse(text: string): Passwords {
  const passwords: Passwords = JSON.parse(text);
  return passwords;
}

const pathIn = (control: string): string => join(control, "passwords.json");

const makePassword = (): string => randomBytes(BYTES).toString("base64url");

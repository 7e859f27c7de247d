import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { hash, verify } from "@node-rs/argon2";
import { normalisePassword } from "./normalise-password.ts";
import { createWorkGate } from "./work-gate.ts";

/** OWASP's and the library's figures for argon2id: 19 MiB, two passes, one lane. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const SALT_BYTES = 16;
const PHC_PREFIX = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

/** Hashes and checks passwords off the event loop, a bounded number at a time. */
export type PasswordHasher = {
  /**
   * The PHC string to store. Passwords are normalised first; their length is the caller's matter (256 characters).
   *
   * @throws {WorkQueueFullError} when too many hashes are waiting.
   */
  hash(password: string): Promise<string>;
  /**
   * Whether the password belongs to the stored PHC string. `null` (no such account, or one without a password) costs
   * the same and is always false. `isAhead`: before all that are not.
   *
   * @throws {WorkQueueFullError} when too many hashes are waiting.
   * @throws {Error} when what is stored is not a PHC string of argon2.
   */
  verify(
    phcOrNull: string | null,
    password: string,
    turn?: { isAhead?: boolean },
  ): Promise<boolean>;
  /** True when the string was made with other parameters: hash again at the next right password. */
  needsRehash(phc: string): boolean;
  /** Hashes being computed now. */
  readonly running: number;
  /** Hashes waiting now. */
  readonly queued: number;
};

/**
 * argon2id (RFC 9106) with at most `parallel` hashes at once: one core stays free for requests, because the library
 * leaves the event loop alone and takes the core. Each running hash holds 19 MiB. More than `maxQueued` waiting hashes
 * are refused, so that a flood of sign-ins costs neither memory nor minutes.
 */
export function createPasswordHasher({
  parallel = Math.max(1, availableParallelism() - 1),
  maxQueued,
}: {
  parallel?: number;
  maxQueued: number;
}): PasswordHasher {
  const gate = createWorkGate({ parallel, maxQueued });
  const dummy = dummyHash();

  return {
    hash: (password) => gate.run(() => hash(normalisePassword(password), COST)),
    async verify(phcOrNull, password, turn) {
      const matches = await gate.run(
        () => verify(phcOrNull ?? dummy, normalisePassword(password)),
        turn,
      );
      return matches && phcOrNull !== null;
    },
    needsRehash: (phc) => !phc.startsWith(PHC_PREFIX),
    get running() {
      return gate.running;
    },
    get queued() {
      return gate.queued;
    },
  };
}

/** A well-formed hash of today's cost that nobody's password has: salt and digest are random. */
function dummyHash(): string {
  return `${PHC_PREFIX}${randomBase64(SALT_BYTES)}$${randomBase64(COST.outputLen)}`;
}

/** Unpadded, as PHC strings have it. */
function randomBase64(size: number): string {
  return randomBytes(size).toString("base64").replaceAll("=", "");
}

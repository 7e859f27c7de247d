import type { Logger } from "pino";
import type { Action } from "./contract/actions.ts";
import type { Config } from "./config.ts";
import type { Db, Tx } from "./platform/db/db.ts";
import type { KeyRing } from "./platform/crypto/key-ring.ts";
import type { PasswordHasher } from "./identity/passwords/password-hasher.ts";
import type { Ports } from "./ports.ts";
import type { Recorder } from "./record/entries/recorder.ts";
import type { EntryTarget } from "./record/entries/entry.ts";

export type SessionLevel =
  | "needs-enrolment"
  | "needs-second-factor"
  | "needs-new-password"
  | "full";

export type OperatorScope = "decide" | "provision" | "report" | "notify";

/** Who is asking, from the credential alone. */
export type Principal =
  | {
      kind: "session";
      accountId: string;
      sessionId: string;
      level: SessionLevel;
      /** When a second factor was last given in this session. */
      steppedUpAt: Date | null;
      isOperator: boolean;
      /** Used from where its account's list of addresses does not let it: it is good for leaving. */
      isOutside?: true;
    }
  | { kind: "api-key"; accountId: string; keyId: string; appId: string; organisationId: string }
  | { kind: "operator-key"; keyId: string; scopes: readonly OperatorScope[] }
  /** Nobody is signed in: sign-up, sign-in, links from mails. */
  | { kind: "stranger" }
  /** A job or the command line; `name` says which. */
  | { kind: "system"; name: string };

export type Clock = {
  now(): Date;
  /** How far `now` is ahead of the real time, ms: 0 but in tests that move the clock. Added to PostgreSQL's clock. */
  databaseShiftMs: number;
};

/** What everything may use; made once at the start. */
export type Services = {
  config: Config;
  db: Db;
  clock: Clock;
  log: Logger;
  keyRing: KeyRing;
  recorder: Recorder;
  passwords: PasswordHasher;
  ports: Ports;
};

/** Where a request came from. */
export type Origin = {
  requestId: string;
  /** Canonical text, or null where it could not be told: such a caller passes no address rule. */
  address: string | null;
  userAgent: string;
  /** Which browser it says to be, by a cookie of its own; proves nothing. */
  deviceToken?: string | undefined;
};

/** What the request's one entry will say beyond who, what and how it ended; operations add to it. */
export type EntryNotes = {
  /** Where a request turned out to be something else than its route says. */
  action?: Action;
  organisationId?: string | undefined;
  appId?: string | undefined;
  targets?: readonly EntryTarget[] | undefined;
  reason?: string | undefined;
  change?: { before?: unknown; after?: unknown } | undefined;
};

/** What an operation may use. Routes, jobs and the CLI each build one; tests build one with their own clock. */
export type Context = Services & {
  principal: Principal;
  origin: Origin;
  now(): Date;
  /** Filled in while the operation looks things up, so that a refusal's entry names what it was about. */
  notes: EntryNotes;
  /** Set by `change` when the request's entry is committed. */
  isRecorded: boolean;
  /** That entry's id, which the reply names; none for a try that is counted with others alike. */
  entryId?: string;
  /** Claims the request's Idempotency-Key in the transaction of its change; throws when another has it. */
  claim?: (tx: Tx) => Promise<void>;
};

/** A context that is not a request's: a job, the command line. */
export function systemContext(services: Services, name: string): Context {
  return {
    ...services,
    principal: { kind: "system", name },
    origin: { requestId: name, address: null, userAgent: "" },
    now: services.clock.now,
    notes: {},
    isRecorded: false,
  };
}

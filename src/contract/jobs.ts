import { Type, type Static, type TSchema } from "typebox";

type JobContract<Payload extends TSchema> = {
  /** Ids, not copies: the job reads the row as it is when it runs. */
  payload: Payload;
  /** graphile-worker waits e^attempt seconds between tries, at most 6 hours: 10 tries are about 4 hours, 12 about 16. */
  maxAttempts: number;
  /** Two waiting jobs with one key become one. */
  keyOf(payload: Static<Payload>): string;
};

function job<Payload extends TSchema>(contract: JobContract<Payload>): JobContract<Payload> {
  return contract;
}

const Id = Type.String({ minLength: 1, maxLength: 40 });

/** Every job, by its name. Whoever queues one needs this alone; the start fails when one has no implementation. */
export const jobs = {
  "send-mail": job({
    payload: Type.Object({ mailId: Id }),
    maxAttempts: 12,
    keyOf: ({ mailId }) => mailId,
  }),
  /** Says that address rules went back because nobody confirmed them; queued for just after that. */
  "tell-rules-went-back": job({
    payload: Type.Object({
      level: Type.Enum(["app", "service-account", "key"]),
      ownerId: Id,
      revertsAt: Type.String({ format: "date-time" }),
    }),
    maxAttempts: 10,
    keyOf: ({ level, ownerId, revertsAt }) => `${level}:${ownerId}:${revertsAt}`,
  }),
  /** Tells again that an account's second factors are about to be reset; queued for its time. */
  "remind-of-recovery": job({
    payload: Type.Object({ resetId: Id, stage: Type.Enum(["waiting", "ready"]) }),
    maxAttempts: 10,
    keyOf: ({ resetId, stage }) => `${resetId}:${stage}`,
  }),
  /** Tells of passwords that end soon, and forgets those that may be taken again; on a schedule. */
  "tend-passwords": job({ payload: Type.Object({}), maxAttempts: 3, keyOf: () => "all" }),
  /** Removes what has ended; on a schedule. */
  sweep: job({ payload: Type.Object({}), maxAttempts: 3, keyOf: () => "all" }),
} as const;

export type JobName = keyof typeof jobs;

export type JobPayload<Name extends JobName> = Static<(typeof jobs)[Name]["payload"]>;

import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { failsAs, healthWarningParams, type HealthWarningCode } from "../failures.ts";
import { TextParams } from "../problems.ts";

const strict = { additionalProperties: false } as const;

export const JobParams = Type.Object({
  jobId: Type.String({
    pattern: "^[1-9][0-9]{0,17}$",
    ...failsAs({ code: "job-id" }),
  }),
});

const QueueState = Type.Object(
  {
    queued: Type.Integer(),
    running: Type.Integer(),
    failed: Type.Integer({ description: "Failed for good: nobody tries them again." }),
    oldestDueAt: Nullable(Instant),
  },
  strict,
);

export const Queue = Type.Object(
  {
    state: QueueState,
    failed: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          name: Type.String(),
          attempts: Type.Integer(),
          error: Type.Union([Type.String(), Type.Null()], {
            description: "The last error, without the addresses it named.",
          }),
          queuedAt: Instant,
          failedAt: Instant,
        },
        strict,
      ),
    ),
  },
  strict,
);
export type Queue = Static<typeof Queue>;

export const Health = Type.Object(
  {
    version: Type.String(),
    database: Type.Object({ version: Type.String(), sizeBytes: Type.Integer() }, strict),
    record: Type.Object(
      {
        waiting: Type.Integer({
          description: "Entries that wait for their commit in this process.",
        }),
        unfiled: Type.Integer({ description: "Important batches that are not in the index yet." }),
        oldestUnfiledAt: Nullable(Instant),
        oldestUnprovenAt: Nullable(Instant),
        failingWitnesses: Type.Array(Type.String(), {
          description: "Witnesses of the public log that did not sign when they were asked last.",
        }),
        oldestWaitSeconds: Type.Number({
          description: "How long the entry that has waited longest for its commit waits by now.",
        }),
        badBatches: Type.Integer({
          description:
            "Times since this process's start that a batch on record was found not to be as it was written.",
        }),
      },
      strict,
    ),
    processes: Type.Array(
      Type.Object(
        {
          id: Id,
          roles: Type.Array(Type.String()),
          startedAt: Instant,
          seenAt: Instant,
          isAlive: Type.Boolean(),
        },
        strict,
      ),
    ),
    queue: QueueState,
    warnings: Type.Array(
      Type.Object(
        {
          code: Type.Enum(Object.keys(healthWarningParams) as HealthWarningCode[]),
          params: Type.Optional(TextParams),
          detail: Type.String({ description: "In English." }),
        },
        strict,
      ),
      { description: "What should be looked at. A later release may add codes." },
    ),
  },
  strict,
);
export type Health = Static<typeof Health>;

import { Type, type Static } from "typebox";
import { failsAs, streamFaultParams, type StreamFaultCode } from "../failures.ts";
import { TextParams } from "../problems.ts";
import { Id, Instant, Nullable } from "../identity/fields.ts";
import { LINE } from "../platform/text-patterns.ts";

/*
 * Streams of the log: what comes into it is sent on, to a place that its owner chose. docs/streams.md is for whoever
 * receives one.
 */

const strict = { additionalProperties: false } as const;

/** Streams that one organisation, or the operator, can have. */
export const MAX_STREAMS = 10;
/** Beyond this a stream waits at the entry that its receiver refuses. */
export const MAX_DEAD_LETTERS = 1_000;
/** The old signing secret signs beside the new one for so long, hours. */
export const SECRET_OVERLAP_HOURS = 24;

const MAX_PEM = 20_000;
const pem = (description: string) =>
  Type.String({
    minLength: 1,
    maxLength: MAX_PEM,
    ...failsAs({ code: "pem" }),
    description: `${description} PEM.`,
  });
const ca = Type.Optional(
  pem("Certificate authorities to trust for this stream, in place of the system's."),
);

const host = Type.String({
  minLength: 1,
  maxLength: 253,
  pattern: "^[A-Za-z0-9.:\\[\\]-]+$",
  ...failsAs({ code: "host-name" }),
  description: "A name, or an address.",
});

const https = {
  url: Type.String({
    minLength: 1,
    maxLength: 1_000,
    ...failsAs({ code: "https-address" }),
    description: "Where entries are posted, https.",
  }),
  ca,
};

const syslog = {
  host,
  port: Type.Integer({ minimum: 1, maximum: 65_535, description: "Usually 6514." }),
  ca,
  clientCertificate: Type.Optional(pem("Shown to the receiver, with its chain.")),
};

const s3 = {
  endpoint: Type.String({
    minLength: 1,
    maxLength: 300,
    ...failsAs({ code: "https-address" }),
    description:
      "The service's https address without the bucket: https://s3.eu-west-1.amazonaws.com.",
  }),
  region: Type.String({
    minLength: 1,
    maxLength: 60,
    pattern: "^[a-z0-9-]+$",
    ...failsAs({ code: "region-name" }),
    description: "`us-east-1` where the service has none.",
  }),
  bucket: Type.String({
    minLength: 3,
    maxLength: 63,
    pattern: "^[a-z0-9][a-z0-9.-]+[a-z0-9]$",
    ...failsAs({ code: "bucket-name" }),
  }),
  prefix: Type.String({
    maxLength: 200,
    pattern: "^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*$",
    ...failsAs({ code: "object-prefix" }),
    description: "What objects' names begin with; empty, or ending with a slash.",
  }),
  pathStyle: Type.Boolean({
    description: "The bucket stands in the path and not in the host's name, as MinIO has it.",
  }),
  accessKeyId: Type.String({
    minLength: 1,
    maxLength: 128,
    pattern: "^[\\x21-\\x7e]+$",
    ...failsAs({ code: "plain-line" }),
  }),
  everySeconds: Type.Integer({
    minimum: 10,
    maximum: 3_600,
    description: "An object is written when it is full, or its first entry is so old.",
  }),
  ca,
};

const oneOf = {
  ...strict,
  minProperties: 1,
  maxProperties: 1,
} as const;

/** Where a stream goes, with what it takes to be let in there. */
export const NewStreamTarget = Type.Object(
  {
    https: Type.Optional(Type.Object(https, strict)),
    syslog: Type.Optional(
      Type.Object(
        { ...syslog, clientKey: Type.Optional(pem("Of the client certificate. Kept sealed.")) },
        strict,
      ),
    ),
    s3: Type.Optional(
      Type.Object(
        {
          ...s3,
          secretAccessKey: Type.Optional(
            Type.String({
              minLength: 1,
              maxLength: 200,
              pattern: "^[\\x21-\\x7e]+$",
              ...failsAs({ code: "plain-line" }),
              description: "Kept sealed. Left out of a change: as before.",
            }),
          ),
        },
        strict,
      ),
    ),
  },
  oneOf,
);
export type NewStreamTarget = Static<typeof NewStreamTarget>;

const StreamTarget = Type.Object(
  {
    https: Type.Optional(Type.Object(https, strict)),
    syslog: Type.Optional(Type.Object(syslog, strict)),
    s3: Type.Optional(Type.Object(s3, strict)),
  },
  { ...oneOf, description: "Where it goes; secrets are never answered." },
);
export type StreamTarget = Static<typeof StreamTarget>;

export const streamKinds = ["https", "syslog", "s3"] as const;
export type StreamKind = (typeof streamKinds)[number];

const Name = Type.String({
  minLength: 1,
  maxLength: 80,
  pattern: LINE,
  ...failsAs({ code: "name-line" }),
});

const Covers = Type.Enum(["important", "everything"], {
  description:
    "`important`: changes, sign-ins, refusals, exports. `everything`: other reads and allowed decisions too.",
});
const Format = Type.Enum(["entry", "ocsf", "cef"], {
  description:
    "`entry`: as in the pages of the log; `ocsf`: an OCSF 1.8 event; `cef`: CEF, for syslog alone.",
});

const settings = {
  name: Name,
  covers: Covers,
  format: Format,
  alarmAfterMinutes: Type.Integer({
    minimum: 1,
    maximum: 1_440,
    description: "Owners are mailed when an entry has waited for so long.",
  }),
};
export type StreamFormat = Static<typeof Format>;

const Leaf = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** Where in the log to begin: one of them. */
export const StreamStart = Type.Object(
  {
    fromLeaf: Type.Optional({
      ...Leaf,
      description: "A leaf of the public log's present life.",
    }),
    fromTime: Type.Optional({ ...Instant, description: "What came into the log since then." }),
  },
  oneOf,
);
export type StreamStart = Static<typeof StreamStart>;

export const NewLogStream = Type.Object(
  {
    organisationId: Type.Optional(Id),
    ...settings,
    target: NewStreamTarget,
    start: Type.Optional({
      ...StreamStart,
      description: "Where to begin; left out: with what comes from now on.",
    }),
  },
  strict,
);
export type NewLogStream = Static<typeof NewLogStream>;

export const NewOperatorLogStream = Type.Object(
  { ...settings, target: NewStreamTarget, start: NewLogStream.properties.start },
  strict,
);

export const LogStreamChange = Type.Object(
  {
    name: Type.Optional(Name),
    covers: Type.Optional(Covers),
    format: Type.Optional(Format),
    alarmAfterMinutes: Type.Optional(settings.alarmAfterMinutes),
    target: Type.Optional(NewStreamTarget),
  },
  { ...strict, minProperties: 1 },
);
export type LogStreamChange = Static<typeof LogStreamChange>;

export const Place = Type.Object(
  {
    epoch: Type.Integer({ description: "The log's life; a second one begins after a restore." }),
    leaf: Leaf,
    position: Type.Integer({ minimum: 0, description: "In the leaf's batch." }),
  },
  strict,
);

/** In words of ours: never what the receiver answered. */
export const faultFields = {
  code: Type.Enum(Object.keys(streamFaultParams) as StreamFaultCode[], {
    description: "A later release may add codes: show `text` for one that you do not know.",
  }),
  params: Type.Optional(TextParams),
  text: Type.String({ description: "The same for a person, in English." }),
};

/** Why the last try failed. */
const Fault = Type.Object(
  {
    ...faultFields,
    at: Instant,
    failures: Type.Integer({ description: "Tries in a row that failed." }),
    nextTryAt: Nullable(Instant),
  },
  strict,
);

export const LogStream = Type.Object(
  {
    id: Id,
    organisationId: Nullable(Id),
    ...settings,
    kind: Type.Enum([...streamKinds]),
    target: StreamTarget,
    state: Type.Enum(["on", "paused", "stopped"], {
      description: "`stopped`: its receiver answered 410 Gone, and it waits to be resumed.",
    }),
    createdAt: Instant,
    createdBy: Type.Object(
      {
        id: Id,
        displayName: Type.String(),
        hasLeft: Type.Boolean({
          description: "No longer of the organisation: look whether the target is still yours.",
        }),
      },
      strict,
    ),
    oldSecretEndsAt: Nullable(Instant),
    next: { ...Place, description: "The next entry to be sent: all before it were." },
    waitingLeaves: Type.Integer({ description: "Leaves of the log from there to its end." }),
    lagSeconds: Type.Number({
      description: "How long the oldest of them has waited; 0: none waits.",
    }),
    isBehind: Type.Boolean({ description: "It was told by mail, and has not recovered yet." }),
    deliveredAt: Nullable(Instant),
    deliveredEntries: Type.Integer(),
    deadLetters: Type.Integer(),
    fault: Nullable(Fault),
  },
  { $id: "LogStream", ...strict },
);
export type LogStream = Static<typeof LogStream>;

/** The stream, and for https the secret that signs what is sent: shown this once. */
export const LogStreamMade = Type.Object(
  { stream: LogStream, secret: Type.Optional(Type.String()) },
  strict,
);
export type LogStreamMade = Static<typeof LogStreamMade>;

export const LogStreamList = Type.Object({ streams: Type.Array(LogStream) }, strict);
export type LogStreamList = Static<typeof LogStreamList>;

export const LogStreamQuery = Type.Object({ organisationId: Type.Optional(Id) }, strict);
export const LogStreamParams = Type.Object({ streamId: Id });

/** What a test came to. */
export const LogStreamTest = Type.Object(
  {
    fault: Nullable(
      Type.Object(faultFields, { ...strict, description: "Null: the receiver took it." }),
    ),
    tookMs: Type.Integer(),
  },
  strict,
);
export type LogStreamTest = Static<typeof LogStreamTest>;

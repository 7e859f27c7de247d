import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";

const strict = { additionalProperties: false } as const;

/** Reports in one reply: what nobody has dealt with first. */
export const MAX_STRANGER_REPORTS = 200;

/** A sign-in of which its account's holder said that it was not them. */
export const StrangerReport = Type.Object(
  {
    id: Id,
    account: Type.Object(
      {
        id: Id,
        displayName: Type.String(),
        emailHint: Type.String({ description: "First letter and domain of the address." }),
      },
      strict,
    ),
    device: Type.String({ description: "Browser and system in words: Firefox on Debian." }),
    address: Nullable(Type.String({ description: "Where the sign-in came from, if known." })),
    signedInAt: Instant,
    reportedAt: Instant,
    endedSessions: Type.Integer({ description: "Sessions of the account that ended with it." }),
    closedAt: Nullable(Instant),
  },
  strict,
);
export type StrangerReport = Static<typeof StrangerReport>;

export const StrangerReportList = Type.Object(
  {
    reports: Type.Array(StrangerReport),
    open: Type.Integer({ description: "How many nobody has dealt with, also beyond the list." }),
  },
  strict,
);
export type StrangerReportList = Static<typeof StrangerReportList>;

export const StrangerReportParams = Type.Object({ reportId: Id }, strict);

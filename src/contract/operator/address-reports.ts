import { Type, type Static } from "typebox";
import { Id, Instant, Nullable } from "../identity/fields.ts";

const strict = { additionalProperties: false } as const;

/** Reports in one reply. */
export const MAX_ADDRESS_REPORTS = 100;

const AddressReport = Type.Object(
  {
    id: Id,
    account: Type.Object(
      { id: Id, displayName: Type.String(), emailHint: Type.String() },
      { ...strict, description: "Whose it is; the whole address is seen by opening the account." },
    ),
    reportedAt: Instant,
    closedAt: Nullable(Instant),
  },
  strict,
);
export type AddressReport = Static<typeof AddressReport>;

export const AddressReportList = Type.Object(
  {
    reports: Type.Array(AddressReport, {
      maxItems: MAX_ADDRESS_REPORTS,
      description: "Those that nobody has dealt with first, each kind newest first.",
    }),
  },
  strict,
);
export type AddressReportList = Static<typeof AddressReportList>;

export const AddressReportParams = Type.Object({ reportId: Id });

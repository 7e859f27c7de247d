import { Type } from "typebox";
import { failsAs } from "../failures.ts";

/** An id of the operator's product: anything without control characters, compared as it is. */
export const ExternalId = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: "^[^\\p{Cc}\\p{Cs}]+$",
  ...failsAs({ code: "external-id" }),
});

/** Why an operator, or an owner, does something: one line for people, shown to whom it concerns. */
export const Reason = Type.String({
  minLength: 1,
  maxLength: 400,
  pattern:
    "^[^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]*[^\\p{Cc}\\p{Cs}\\p{Z}][^\\p{Cc}\\p{Cs}\\p{Zl}\\p{Zp}]*$",
  ...failsAs({ code: "reason-wanted" }),
});

export const ExternalIdParams = Type.Object({ externalId: ExternalId });

import { Type, type Static } from "typebox";
import { LinkToken } from "../identity/fields.ts";

/** The secret of the link that the first start prints. */
export const ClaimRequest = Type.Object({ token: LinkToken }, { additionalProperties: false });
export type ClaimRequest = Static<typeof ClaimRequest>;

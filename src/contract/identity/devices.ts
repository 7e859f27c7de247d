import { Type, type Static } from "typebox";
import { LinkToken } from "./fields.ts";

/** The secret of a notice's link: that sign-in was a stranger's. */
export const NotMeRequest = Type.Object({ token: LinkToken }, { additionalProperties: false });
export type NotMeRequest = Static<typeof NotMeRequest>;

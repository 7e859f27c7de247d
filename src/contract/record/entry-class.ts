/** *important*: changes, sign-ins, refusals, exports, reads by operators. *routine*: other reads, allowed decisions. */
export type EntryClass = "important" | "routine";

export type ActionTable = Record<`${string}.${string}`, EntryClass>;

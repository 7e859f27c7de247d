import { Type, type Static } from "typebox";
import { Id, Instant } from "../identity/fields.ts";
import { failsAs } from "../failures.ts";

/** Filters that one account keeps. */
export const MAX_SAVED_FILTERS = 50;
const MAX_FILTER_NAME = 80;

const Name = Type.String({
  minLength: 1,
  maxLength: MAX_FILTER_NAME,
  pattern: String.raw`^[^\p{Cc}\p{Cs}]*[^\p{Z}\p{Cc}\p{Cs}][^\p{Cc}\p{Cs}]*$`,
  ...failsAs({ code: "name-line" }),
  description: "One of a name for each account.",
});

/** The panel's own address parameters; no part of the log's API, and never read by the server. */
const Query = Type.String({
  maxLength: 2_000,
  pattern: String.raw`^[\x21-\x7e]*$`,
  ...failsAs({ code: "filter-line" }),
  description: "The filter as the panel has it in its address, without `?`.",
});

export const SavedFilter = Type.Object(
  { id: Id, name: Type.String(), query: Type.String(), createdAt: Instant },
  { $id: "SavedFilter", additionalProperties: false },
);
export type SavedFilter = Static<typeof SavedFilter>;

export const SavedFilterList = Type.Object(
  { filters: Type.Array(SavedFilter) },
  { additionalProperties: false },
);

export const NewSavedFilter = Type.Object(
  { name: Name, query: Query },
  { additionalProperties: false },
);
export type NewSavedFilter = Static<typeof NewSavedFilter>;

export const SavedFilterChange = Type.Object({ name: Name }, { additionalProperties: false });

export const SavedFilterParams = Type.Object({ id: Id });

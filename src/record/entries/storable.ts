const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

/** As PostgreSQL gives it back (lower case: MACs cover it), or null for what is no UUID. */
export const asUuid = (id: string | null | undefined): string | null =>
  id !== null && id !== undefined && UUID.test(id) ? id.toLowerCase() : null;

export const uuidsIn = (ids: readonly (string | null | undefined)[]): string[] =>
  ids.map(asUuid).filter((id) => id !== null);

/** Longest text kept in a column or list beside the payload, which holds it whole. */
const MAX_LISTED_LENGTH = 200;

/** PostgreSQL's text holds neither NUL nor half a surrogate pair. */
export const asListedText = (text: string): string =>
  text.slice(0, MAX_LISTED_LENGTH).replaceAll("\0", "\uFFFD").toWellFormed();

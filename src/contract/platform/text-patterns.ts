/** One line without control characters or marks that turn the direction of writing; may be empty. */
export const LINE = String.raw`^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]*$`;
/** The same with line ends. */
export const LINES = String.raw`^(?:\n|[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069])*$`;

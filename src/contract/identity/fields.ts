import { Type, type TSchema } from "typebox";
import { failsAs } from "../failures.ts";
import { languages } from "../languages.ts";

/** RFC 5321 §4.5.3.1.3: a path has 256 octets, its angle brackets among them. */
export const EmailAddress = Type.String({
  minLength: 3,
  maxLength: 254,
  ...failsAs({ code: "email-address" }),
  description: "One address: ASCII before the @, a domain with a dot after it.",
});

/** No control characters, line ends or marks that turn the direction of writing: it stands in mails and lists. */
const NOT_IN_NAMES = String.raw`\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069`;

/** What a person is called by others; something more than spaces. */
export const DisplayName = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: `^[^${NOT_IN_NAMES}]*[^\\p{Z}${NOT_IN_NAMES}][^${NOT_IN_NAMES}]*$`,
  ...failsAs({ code: "name-line" }),
});

/** As typed; whether it is good enough is judged by rules of its own. 256 characters are at most 512 UTF-16 units. */
export const Password = Type.String({ maxLength: 1024 });

/** The secret of a link in a mail. */
export const LinkToken = Type.String({ minLength: 1, maxLength: 200 });

/** Six digits of an authenticator app; spaces do not count. */
export const TotpCode = Type.String({ minLength: 1, maxLength: 32 });

/** A recovery code as people type it: any case, with or without its dash. */
export const RecoveryCode = Type.String({ minLength: 1, maxLength: 64 });

/** One of ours: panel and mails have it. */
export const LanguageTag = Type.Enum([...languages]);

/** An IANA name such as `Europe/Amsterdam`; that there is such a zone, the operation checks. */
export const TimeZone = Type.String({
  minLength: 1,
  maxLength: 64,
  pattern: "^[A-Za-z0-9_+/-]+$",
  ...failsAs({ code: "not-a-time-zone" }),
});

/** In which language somebody's mails come, and by whose clock they tell the time. */
export const readerFields = {
  language: Type.Optional(LanguageTag),
  timeZone: Type.Optional(TimeZone),
} as const;

export const Id = Type.String({ format: "uuid" });

/** RFC 3339 in UTC. */
export const Instant = Type.String({ format: "date-time" });

export const Nullable = <Schema extends TSchema>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

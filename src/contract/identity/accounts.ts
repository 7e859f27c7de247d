import { Type, type Static } from "typebox";
import { languages } from "../languages.ts";
import {
  DisplayName,
  EmailAddress,
  Id,
  Instant,
  LanguageTag,
  LinkToken,
  Nullable,
  Password,
  readerFields,
  TimeZone,
} from "./fields.ts";
import { SessionState } from "./sessions.ts";

const strict = { additionalProperties: false } as const;

export const SignUpRequest = Type.Object(
  {
    email: EmailAddress,
    password: Password,
    displayName: DisplayName,
    /** Left out: what Accept-Language asks for; UTC. */
    ...readerFields,
  },
  strict,
);
export type SignUpRequest = Static<typeof SignUpRequest>;

/** The same for every address, known or not. */
export const SignUpReply = Type.Object({}, strict);

export const VerifyRequest = Type.Object(
  {
    token: LinkToken,
    /** Needed where another browser signed up: then it replaces the password typed there. */
    password: Type.Optional(Password),
  },
  strict,
);
export type VerifyRequest = Static<typeof VerifyRequest>;

export const VerifyReply = Type.Object(
  {
    account: Type.Object({ id: Id, email: EmailAddress, displayName: Type.String() }, strict),
    session: SessionState,
  },
  strict,
);

export const Person = Type.Object(
  {
    id: Id,
    kind: Type.Literal("person"),
    email: Type.String(),
    displayName: Type.String(),
    isOperator: Type.Boolean(),
    language: Type.Enum([...languages], { description: "Of the person's mails." }),
    timeZone: Nullable(
      Type.String({ description: "IANA name: how mails tell the time; null: in UTC." }),
    ),
    createdAt: Instant,
  },
  strict,
);
export type Person = Static<typeof Person>;

const ServiceIdentity = Type.Object(
  {
    id: Id,
    kind: Type.Literal("service"),
    displayName: Type.String(),
    app: Type.Object({ id: Id }, strict),
  },
  strict,
);

/** Who the credential is: a person, or a service account for an API key. */
export const OwnAccount = Type.Union([Person, ServiceIdentity]);
export type OwnAccount = Static<typeof OwnAccount>;

export const AccountChange = Type.Object(
  {
    displayName: Type.Optional(DisplayName),
    language: Type.Optional(LanguageTag),
    timeZone: Type.Optional(Nullable(TimeZone)),
  },
  { ...strict, minProperties: 1 },
);
export type AccountChange = Static<typeof AccountChange>;

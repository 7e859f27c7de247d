import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";
import { Instant, LanguageTag, Nullable } from "../identity/fields.ts";
import { mailKinds, type MailKind } from "../mails.ts";
import { LINE, LINES } from "./text-patterns.ts";

const strict = { additionalProperties: false } as const;

const Kind = Type.Enum(Object.keys(mailKinds) as MailKind[]);

const Subject = Type.String({
  maxLength: 200,
  pattern: LINE,
  ...failsAs({ code: "plain-line" }),
  description: "One line. null: the default.",
});
const Paragraphs = Type.String({
  maxLength: 2_000,
  pattern: LINES,
  ...failsAs({ code: "plain-text" }),
  description: "Plain text; an empty line begins a paragraph. Empty: nothing. null: the default.",
});

export const MailTextParams = Type.Object({ kind: Kind, language: LanguageTag });
export type MailTextParams = Static<typeof MailTextParams>;

const wording = {
  subject: Nullable(Subject),
  intro: Nullable(Paragraphs),
  closing: Nullable(Paragraphs),
} as const;

/** An operator's words for one mail in one language; what happened, its facts, link and warning are not among them. */
export const MailWording = Type.Object(wording, strict);
export type MailWording = Static<typeof MailWording>;

export const MailTextChange = Type.Object(
  {
    ...wording,
    version: Type.Integer({
      minimum: 0,
      maximum: 2_147_483_646,
      description: "The one that was read: another means that somebody changed it meanwhile.",
    }),
  },
  strict,
);
export type MailTextChange = Static<typeof MailTextChange>;

export const MailText = Type.Object(
  {
    kind: Kind,
    language: LanguageTag,
    ...wording,
    version: Type.Integer({ description: "0: never changed." }),
    changedAt: Nullable(Instant),
    defaults: Type.Object(
      { subject: Type.String(), intro: Type.String(), closing: Type.String() },
      strict,
    ),
    placeholders: Type.Array(Type.String(), { description: "Without their braces." }),
    needs: Type.Array(Type.String(), { description: "Placeholders that the subject must hold." }),
  },
  strict,
);
export type MailText = Static<typeof MailText>;

export const MailTexts = Type.Object({ texts: Type.Array(MailText) }, strict);

export const MailPreview = Type.Object(
  { subject: Type.String(), text: Type.String(), html: Type.String() },
  strict,
);
export type MailPreview = Static<typeof MailPreview>;

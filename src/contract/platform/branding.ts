import { Type, type Static } from "typebox";
import { Instant, Nullable } from "../identity/fields.ts";
import { DEFAULT_COLOR } from "./brand-color.ts";
import { LINE, LINES } from "./text-patterns.ts";
import { failsAs } from "../failures.ts";

const strict = { additionalProperties: false } as const;

/** Bytes of a logo; it is fetched by everybody who opens the panel. */
export const MAX_LOGO_BYTES = 200_000;

/** What a logo may be. SVG is not: it is a program. */
export const logoTypes = ["image/png", "image/jpeg", "image/webp"] as const;
export type LogoType = (typeof logoTypes)[number];

const Name = Type.String({ maxLength: 60, pattern: LINE, ...failsAs({ code: "plain-line" }) });
const WebAddress = Type.String({
  maxLength: 500,
  pattern: LINE,
  ...failsAs({ code: "plain-line" }),
  description: "https only; empty: none.",
});
const MailAddress = Type.String({
  maxLength: 254,
  pattern: LINE,
  ...failsAs({ code: "plain-line" }),
});

const fields = {
  name: Type.String({
    ...Name,
    description: "Of the product, in the panel, its titles and mails. Empty: “Your account”.",
  }),
  showsMaker: Type.Boolean({ description: "Whether “Secured by Sallyport” is shown." }),
  primaryColor: Type.String({
    maxLength: 20,
    description: `Hexadecimal, at least 4.5:1 against white. Empty: ${DEFAULT_COLOR}.`,
  }),
  mailFromName: Type.String({ ...Name, description: "Empty: the product's name." }),
  mailFromAddress: Type.String({ ...MailAddress, description: "Empty: SALLYPORT_MAIL_FROM." }),
  mailFooter: Type.String({ maxLength: 1000, pattern: LINES, ...failsAs({ code: "plain-text" }) }),
  supportUrl: Type.String({ ...WebAddress, description: "Empty: SALLYPORT_SUPPORT_URL." }),
  supportEmail: MailAddress,
  termsUrl: WebAddress,
  privacyUrl: WebAddress,
  imprintUrl: WebAddress,
} as const;

/** Texts as the operator typed them: an empty one is the default. */
export const BrandingFields = Type.Object(fields, strict);
export type BrandingFields = Static<typeof BrandingFields>;

export const BrandingChange = Type.Object(
  {
    ...fields,
    version: Type.Integer({
      minimum: 0,
      maximum: 2_147_483_646,
      description: "The one that was read: another means that somebody changed it meanwhile.",
    }),
    logo: Type.Optional(
      Nullable(
        Type.String({
          maxLength: 600_000,
          description:
            "PNG, JPEG or WebP, at most 200 kB, base64. null: no logo; left out: as it was.",
        }),
      ),
    ),
  },
  strict,
);
export type BrandingChange = Static<typeof BrandingChange>;

const Logo = Type.Object(
  { url: Type.String(), type: Type.Enum([...logoTypes]), sizeBytes: Type.Integer() },
  strict,
);

export const Branding = Type.Object(
  {
    ...fields,
    version: Type.Integer(),
    logo: Nullable(Logo),
    changedAt: Nullable(Instant),
    defaults: Type.Object(
      {
        mailFromName: Type.String(),
        mailFromAddress: Type.String(),
        supportUrl: Type.String(),
        primaryColor: Type.String(),
      },
      { ...strict, description: "What holds where a text is empty." },
    ),
  },
  strict,
);
export type Branding = Static<typeof Branding>;

/** /branding.json: what everybody may know, before they sign in. */
export type PublicBranding = {
  /** Empty: the panel says "Your account" in the reader's language. */
  name: string;
  primaryColor: string;
  logoUrl: string | null;
  showsMaker: boolean;
  supportUrl: string | null;
  supportEmail: string | null;
  termsUrl: string | null;
  privacyUrl: string | null;
  imprintUrl: string | null;
  /** Mails are kept here instead of sent: somebody tries Sallyport out. */
  hasSandboxMail: boolean;
};

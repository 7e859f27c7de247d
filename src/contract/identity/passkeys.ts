import { Type, type Static } from "typebox";
import { failsAs } from "../failures.ts";
import { DisplayName, Id, Instant, Nullable } from "./fields.ts";

const strict = { additionalProperties: false } as const;

/** As many as anybody has devices. */
export const MAX_PASSKEYS = 20;

const asBrowsersGiveIt = failsAs({ code: "browser-message" });

/** Bytes in base64url without padding, as browsers write WebAuthn's messages in JSON (WebAuthn Level 3 §5.1). */
const bytes = (maxBytes: number) =>
  Type.String({
    minLength: 1,
    maxLength: Math.ceil((maxBytes * 4) / 3),
    pattern: "^[\\w-]+$",
    ...asBrowsersGiveIt,
  });

/** WebAuthn §5.1: a credential's id has at most 1023 bytes. */
const CredentialId = bytes(1023);

const Transports = Type.Array(
  Type.String({ maxLength: 32, pattern: "^[a-z-]+$", ...asBrowsersGiveIt }),
  {
    maxItems: 16,
    description: "How the browser reaches it: internal, usb, nfc, ble, hybrid.",
  },
);

const Descriptor = Type.Object(
  { id: CredentialId, type: Type.Literal("public-key"), transports: Transports },
  strict,
);

/** What browsers add to an answer; nothing is decided by it. */
const browserExtras = {
  authenticatorAttachment: Type.Optional(Nullable(Type.String({ maxLength: 32 }))),
  clientExtensionResults: Type.Optional(
    Type.Object({}, { additionalProperties: true, maxProperties: 16 }),
  ),
};

export const RegistrationOptions = Type.Object(
  {
    challenge: Type.String(),
    rp: Type.Object({ id: Type.String(), name: Type.String() }, strict),
    user: Type.Object(
      { id: Type.String(), name: Type.String(), displayName: Type.String() },
      strict,
    ),
    pubKeyCredParams: Type.Array(
      Type.Object({ type: Type.Literal("public-key"), alg: Type.Integer() }, strict),
    ),
    timeout: Type.Integer({ description: "Milliseconds." }),
    attestation: Type.Literal("none"),
    excludeCredentials: Type.Array(Descriptor),
    authenticatorSelection: Type.Object(
      {
        residentKey: Type.Literal("preferred"),
        requireResidentKey: Type.Literal(false),
        userVerification: Type.Literal("preferred"),
      },
      strict,
    ),
  },
  {
    ...strict,
    description: "PublicKeyCredentialCreationOptionsJSON: for navigator.credentials.create.",
  },
);
export type RegistrationOptions = Static<typeof RegistrationOptions>;

export const AssertionOptions = Type.Object(
  {
    challenge: Type.String(),
    rpId: Type.String(),
    timeout: Type.Integer({ description: "Milliseconds." }),
    allowCredentials: Type.Array(Descriptor, {
      description: "Of the account; empty where nobody has said who they are.",
    }),
    userVerification: Type.Union([Type.Literal("preferred"), Type.Literal("required")]),
  },
  {
    ...strict,
    description: "PublicKeyCredentialRequestOptionsJSON: for navigator.credentials.get.",
  },
);
export type AssertionOptions = Static<typeof AssertionOptions>;

export const PasskeyRegistration = Type.Object(
  {
    id: CredentialId,
    rawId: CredentialId,
    type: Type.Literal("public-key"),
    response: Type.Object(
      {
        clientDataJSON: bytes(4096),
        attestationObject: bytes(16_384),
        authenticatorData: Type.Optional(bytes(8192)),
        transports: Type.Optional(Transports),
        publicKey: Type.Optional(Nullable(bytes(4096))),
        publicKeyAlgorithm: Type.Optional(Type.Integer()),
      },
      strict,
    ),
    ...browserExtras,
  },
  { ...strict, description: "RegistrationResponseJSON: what navigator.credentials.create gave." },
);
export type PasskeyRegistration = Static<typeof PasskeyRegistration>;

export const PasskeyAssertion = Type.Object(
  {
    id: CredentialId,
    rawId: CredentialId,
    type: Type.Literal("public-key"),
    response: Type.Object(
      {
        clientDataJSON: bytes(4096),
        authenticatorData: bytes(8192),
        signature: bytes(4096),
        userHandle: Type.Optional(
          Nullable(Type.String({ maxLength: 88, pattern: "^[\\w-]*$", ...asBrowsersGiveIt })),
        ),
      },
      strict,
    ),
    ...browserExtras,
  },
  { ...strict, description: "AuthenticationResponseJSON: what navigator.credentials.get gave." },
);
export type PasskeyAssertion = Static<typeof PasskeyAssertion>;

export const AddPasskeyRequest = Type.Object(
  { name: DisplayName, registration: PasskeyRegistration },
  strict,
);
export type AddPasskeyRequest = Static<typeof AddPasskeyRequest>;

export const UsePasskeyRequest = Type.Object({ assertion: PasskeyAssertion }, strict);

export const PasskeyChange = Type.Object({ name: DisplayName }, strict);

export const PasskeyParams = Type.Object({ passkeyId: Id }, strict);

export const Passkey = Type.Object(
  {
    id: Id,
    name: Type.String(),
    createdAt: Instant,
    lastUsedAt: Nullable(Instant),
    isSynced: Type.Boolean({
      description: "Its maker's service keeps copies on the owner's other devices.",
    }),
    cloneNoticedAt: Nullable(
      Type.String({
        format: "date-time",
        description: "When a copy of it was used and refused. Remove it and make another.",
      }),
    ),
  },
  strict,
);
export type Passkey = Static<typeof Passkey>;

export const PasskeyList = Type.Object({ passkeys: Type.Array(Passkey) }, strict);
export type PasskeyList = Static<typeof PasskeyList>;

export const PasskeyReply = Type.Object({ passkey: Passkey }, strict);

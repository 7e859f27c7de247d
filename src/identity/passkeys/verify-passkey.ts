import type { PasskeyAssertion, PasskeyRegistration } from "../../contract/identity/passkeys.ts";
import type { Context } from "../../context.ts";
import { readChallenge, type Challenge, type ChallengeFor } from "./challenge.ts";

/** Half a second of a start's work, for what many starts never use: loaded with the first passkey. */
const library = async () => await import("@simplewebauthn/server");

/** COSE numbers (RFC 9053) of the signatures that are taken: EdDSA, ES256, RS256. What authenticators in use can. */
export const ALGORITHMS = [-8, -7, -257];

/**
 * We ask for no attestation. `packed` is what some authenticators sign by the new key itself all the same;
 * any other comes from a browser that was told otherwise.
 */
const ATTESTATIONS: readonly string[] = ["none", "packed"];

export type NewPasskey = {
  credentialId: Buffer;
  publicKey: Buffer;
  counter: number;
  isSyncedKind: boolean;
  isBackedUp: boolean;
  aaguid: string;
};

/**
 * Judges what a browser says that an authenticator made: our challenge, unanswered for this session and in
 * time, our origin and RP ID, a person present, an algorithm that we take (WebAuthn Level 3 §7.1).
 *
 * @returns null when any of it is wrong; why is in the log, for whoever runs the service.
 */
export async function verifyRegistration(
  ctx: Context,
  registration: PasskeyRegistration,
  given: ChallengeFor,
): Promise<{ passkey: NewPasskey; challenge: Challenge } | null> {
  return await orNull(ctx, async () => {
    const { challenge, expectedChallenge } = expecting(ctx, given);
    const { id, rawId, type, response } = registration;
    refuseFrames(response.clientDataJSON);
    const { verifyRegistrationResponse } = await library();
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id,
        rawId,
        type,
        response: {
          clientDataJSON: response.clientDataJSON,
          attestationObject: response.attestationObject,
        },
        clientExtensionResults: {},
      },
      expectedChallenge,
      expectedOrigin: ctx.config.publicUrl.origin,
      expectedRPID: ctx.config.rpId,
      requireUserPresence: true,
      requireUserVerification: false,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!verified || !ATTESTATIONS.includes(registrationInfo.fmt))
      throw new Error("the attestation is not one we take");
    const { credential, aaguid, credentialDeviceType, credentialBackedUp } = registrationInfo;
    if (credential.id !== id) throw new Error("the id is not the new credential's");
    return {
      challenge: challenge(),
      passkey: {
        credentialId: Buffer.from(credential.id, "base64url"),
        publicKey: Buffer.from(credential.publicKey),
        counter: credential.counter,
        isSyncedKind: credentialDeviceType === "multiDevice",
        isBackedUp: credentialBackedUp,
        aaguid,
      },
    };
  });
}

/** What is proven by a right assertion. */
export type Proof = {
  challenge: Challenge;
  /** As the authenticator counts; whether it grew is judged under the account's lock. */
  counter: number;
  isBackedUp: boolean;
};

/**
 * Judges an assertion by a public key: signature, challenge, origin, RP ID, presence, and where the passkey is
 * both factors at once, that the authenticator made sure of its holder (WebAuthn Level 3 §7.2).
 *
 * @returns null when any of it is wrong.
 */
export async function verifyAssertion(
  ctx: Context,
  { id, rawId, type, response }: PasskeyAssertion,
  given: ChallengeFor & { publicKey: Buffer; needsVerification: boolean },
): Promise<Proof | null> {
  return await orNull(ctx, async () => {
    const { challenge, expectedChallenge } = expecting(ctx, given);
    refuseFrames(response.clientDataJSON);
    const { verifyAuthenticationResponse } = await library();
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id,
        rawId,
        type,
        response: {
          clientDataJSON: response.clientDataJSON,
          authenticatorData: response.authenticatorData,
          signature: response.signature,
        },
        clientExtensionResults: {},
      },
      expectedChallenge,
      expectedOrigin: ctx.config.publicUrl.origin,
      expectedRPID: ctx.config.rpId,
      // Counters are judged once the signature is known to be right: nobody else can cry wolf.
      credential: { id, publicKey: new Uint8Array(given.publicKey), counter: 0 },
      requireUserVerification: given.needsVerification,
    });
    if (!verified) throw new Error("the signature is not the passkey's");
    return {
      challenge: challenge(),
      counter: authenticationInfo.newCounter,
      isBackedUp: authenticationInfo.credentialBackedUp,
    };
  });
}

/** Takes our own challenge alone, and keeps which it was. */
function expecting(ctx: Context, given: ChallengeFor) {
  let read: Challenge | null = null;
  return {
    expectedChallenge: (answered: string): boolean => {
      read = readChallenge(ctx, given, answered);
      return read !== null;
    },
    challenge: (): Challenge => {
      if (read === null) throw new Error("no challenge was answered");
      return read;
    },
  };
}

/** Nothing of ours runs inside another site's page, and an answer from there is not one that our page asked for. */
function refuseFrames(clientDataJson: string): void {
  const clientData: unknown = JSON.parse(Buffer.from(clientDataJson, "base64url").toString());
  const isFramed =
    typeof clientData === "object" &&
    clientData !== null &&
    "crossOrigin" in clientData &&
    clientData.crossOrigin !== false;
  if (isFramed) throw new Error("answered in a frame of another site");
}

/** The library throws at whatever is wrong, and at whatever it cannot read: both are a no. */
async function orNull<T>(ctx: Context, judge: () => Promise<T>): Promise<T | null> {
  try {
    return await judge();
  } catch (error) {
    ctx.log.info({ err: error, requestId: ctx.origin.requestId }, "a passkey was not accepted");
    return null;
  }
}

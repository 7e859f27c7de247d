import type {
  AssertionOptions,
  PasskeyAssertion,
  PasskeyRegistration,
  RegistrationOptions,
} from "../../../src/contract/identity/passkeys.ts";
import { PasskeyFailure, type PasskeyFailureKind } from "../../api/passkey-failure.ts";

/** Whether this browser knows passkeys at all; over plain http to another machine none does. */
export const canUsePasskeys = (): boolean => typeof globalThis.PublicKeyCredential === "function";

/** Fetched by whoever uses one: most visitors do not. */
const library = () => import("@simplewebauthn/browser");

/** The browser asks where to keep a new passkey, and makes it. @throws {PasskeyFailure} */
export async function makePasskey(options: RegistrationOptions): Promise<PasskeyRegistration> {
  const { startRegistration } = await library();
  const { id, rawId, response } = await orFailure(() =>
    startRegistration({ optionsJSON: options as never }),
  );
  const { clientDataJSON, attestationObject, transports = [] } = response;
  return {
    id,
    rawId,
    type: "public-key",
    response: { clientDataJSON, attestationObject, transports },
  };
}

/** The browser asks for a passkey, and for the finger or PIN that opens it. @throws {PasskeyFailure} */
export async function askForPasskey(options: AssertionOptions): Promise<PasskeyAssertion> {
  const { startAuthentication } = await library();
  const { id, rawId, response } = await orFailure(() =>
    startAuthentication({ optionsJSON: options as never }),
  );
  const { clientDataJSON, authenticatorData, signature, userHandle = null } = response;
  return {
    id,
    rawId,
    type: "public-key",
    response: { clientDataJSON, authenticatorData, signature, userHandle },
  };
}

async function orFailure<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw new PasskeyFailure(kindOf(error), error);
  }
}

/** By the names that WebAuthn §5.1.3 and §5.1.4 give; the library wraps some of them and keeps the name. */
function kindOf(error: unknown): PasskeyFailureKind {
  switch (error instanceof Error ? error.name : "") {
    case "NotAllowedError":
    case "AbortError":
      return "notGiven";
    case "InvalidStateError":
      return "alreadyThere";
    case "SecurityError":
      return "wrongAddress";
    default:
      return "browserFailed";
  }
}

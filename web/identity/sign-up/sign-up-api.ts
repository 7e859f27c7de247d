import { readerHere } from "../../i18n/languages.ts";
import { request } from "../../api/client.ts";
import type { SignUpRequest, VerifyRequest } from "../../../src/contract/identity/accounts.ts";

/** Asks for an account; the answer is the same for every address, and the mail says how it goes on. */
export async function signUp({ email, ...rest }: SignUpRequest): Promise<void> {
  await request("POST", "/accounts", {
    body: { ...rest, ...readerHere(), email: email.trim() },
    isAlone: true,
  });
}

/** Opens the mail's link: makes the account and signs this browser in as far as enrolment. */
export async function verifySignUp(given: VerifyRequest): Promise<void> {
  await request("POST", "/accounts/verify", { body: given, isAlone: true });
}

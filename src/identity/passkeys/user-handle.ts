/** What an authenticator keeps of whose a passkey is (WebAuthn §5.4.3): the account's id, and nothing of the person. */
export const userHandleOf = (accountId: string): string =>
  Buffer.from(accountId.replaceAll("-", ""), "hex").toString("base64url");

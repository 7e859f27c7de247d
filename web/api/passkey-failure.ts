/** Why the browser gave no passkey; `passkeys.json` has a sentence for each. */
export type PasskeyFailureKind = "notGiven" | "alreadyThere" | "wrongAddress" | "browserFailed";

/** The browser, or the person in front of it, said no: the server was not told of anything. */
export class PasskeyFailure extends Error {
  override readonly name = "PasskeyFailure";
  readonly kind: PasskeyFailureKind;

  constructor(kind: PasskeyFailureKind, cause: unknown) {
    super(kind, { cause });
    this.kind = kind;
  }
}

import type { CDPSession, Page } from "playwright-core";

/** Chromium's authenticator in software, by its debugging protocol (WebAuthn domain): there is nobody to touch a key. */
export class VirtualAuthenticator {
  readonly #cdp: CDPSession;
  readonly #id: string;

  private constructor(cdp: CDPSession, id: string) {
    this.#cdp = cdp;
    this.#id = id;
  }

  /** Plugs one into the page's browser; it stays for all that the page does. */
  static async plugInto(page: Page): Promise<VirtualAuthenticator> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable", { enableUI: false });
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new VirtualAuthenticator(cdp, authenticatorId);
  }

  /** How often its one passkey was used, as it counts. */
  async count(): Promise<number> {
    return (await this.#credential()).signCount;
  }

  /** What a copy of it would have: the same key, and a count of before. */
  async setBack(signCount: number): Promise<void> {
    const credential = await this.#credential();
    const authenticatorId = this.#id;
    await this.#cdp.send("WebAuthn.clearCredentials", { authenticatorId });
    await this.#cdp.send("WebAuthn.addCredential", {
      authenticatorId,
      credential: { ...credential, signCount },
    });
  }

  /** Somebody holds it who does not know the PIN, and whose finger it is not. */
  async setVerified(isUserVerified: boolean): Promise<void> {
    await this.#cdp.send("WebAuthn.setUserVerified", { authenticatorId: this.#id, isUserVerified });
  }

  async #credential() {
    const { credentials } = await this.#cdp.send("WebAuthn.getCredentials", {
      authenticatorId: this.#id,
    });
    const [credential] = credentials;
    if (credential === undefined) throw new Error("the authenticator holds no passkey");
    return credential;
  }
}

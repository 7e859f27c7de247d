import { lookup } from "node:dns/promises";
import { request } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { AllowedNetworks, mayReach } from "./public-address.ts";

/** Why a call came to nothing; said to whoever chose the target, so it tells nothing of our own network. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly code: OutboundFault;
  /** What broke the connection, in one word where there is one. */
  readonly reason: string | undefined;

  constructor(code: OutboundFault, options: { reason?: string; cause?: unknown } = {}) {
    super(options.reason === undefined ? texts[code] : `${texts[code]}: ${options.reason}`, {
      cause: options.cause,
    });
    this.code = code;
    this.reason = options.reason;
  }
}

export type OutboundFault = keyof typeof texts;

const texts = {
  "name-unknown": "the host's name leads to no address",
  "address-refused": "the host's address is not public, and not in SALLYPORT_OUTBOUND_ALLOW",
  "not-connected": "no connection",
  "too-slow": "no answer in time",
  "answer-too-long": "the answer is too long",
} as const;

/** All addresses that a name leads to. @throws when it leads to none. */
export type Resolve = (host: string) => Promise<readonly string[]>;

const resolveByDns: Resolve = async (host) =>
  (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);

/** A host with the addresses that were judged; one of them is called. */
type Pinned = { host: string; addresses: readonly { address: string; family: 4 | 6 }[] };

/** What may be added to the system's certificate authorities, and shown to the other side. */
export type TlsOptions = { ca?: string; cert?: string; key?: string };

export type Outgoing = {
  url: URL;
  method: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** From the name's look-up to the answer's end, ms. */
  patienceMs: number;
  /** Breaks it off sooner. */
  signal?: AbortSignal;
  tls?: TlsOptions;
  /** Of a longer answer nothing is taken, bytes. */
  mostBytes?: number;
};

export type Answer = {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
};

/** A stranger's answer is worth no more, bytes. */
const MAX_ANSWER_BYTES = 65_536;

/**
 * Calls to where somebody else said. The name is looked up once, every address that it leads to must be allowed, and
 * the connection goes to one of these very addresses: what the name says a moment later does not count (DNS
 * rebinding). TLS is checked against the name. Redirects are answers like others: none is followed.
 */
export class Outbound {
  readonly #allowed: AllowedNetworks;
  readonly #resolve: Resolve;

  /** @param allow CIDRs of private networks that may be reached (SALLYPORT_OUTBOUND_ALLOW). */
  constructor(allow: readonly string[], resolve: Resolve = resolveByDns) {
    this.#allowed = new AllowedNetworks(allow);
    this.#resolve = resolve;
  }

  /** One HTTPS request. @throws {OutboundError} when there is no whole answer. */
  async send({ url, method, headers, body, patienceMs, tls, ...given }: Outgoing): Promise<Answer> {
    const { mostBytes = MAX_ANSWER_BYTES } = given;
    const timeout = AbortSignal.timeout(patienceMs);
    const signal = given.signal === undefined ? timeout : AbortSignal.any([timeout, given.signal]);
    const pinned = await this.#pin(bareHost(url), signal);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const sent = request({
      host: pinned.host,
      port: url.port === "" ? 443 : Number(url.port),
      path: `${url.pathname}${url.search}`,
      method,
      headers: { host: url.host, ...headers, "content-length": String(body.length) },
      agent: false,
      lookup: lookupOf(pinned),
      signal,
      ...tls,
    });
    sent.once("error", (error) => reject(toFault(error, signal)));
    sent.once("response", (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) {
          reject(new OutboundError("answer-too-long"));
          sent.destroy();
          return;
        }
        chunks.push(chunk);
      });
      response.once("error", (error) => reject(toFault(error, signal)));
      response.once("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
        }),
      );
    });
    sent.end(body);
    return await promise;
  }

  /** A TLS connection, once its handshake is done. @throws {OutboundError} */
  async connect(
    { host, port }: { host: string; port: number },
    { signal, tls }: { signal: AbortSignal; tls?: TlsOptions },
  ): Promise<TLSSocket> {
    const pinned = await this.#pin(host.replace(/^\[(.*)\]$/, "$1"), signal);
    const socket = connect({
      host: pinned.host,
      port,
      lookup: lookupOf(pinned),
      // A literal address has no name to send (RFC 6066 §3); its certificate is checked for the address.
      ...(isIP(pinned.host) === 0 && { servername: pinned.host }),
      ...tls,
    });
    const onAbort = (): void => void socket.destroy(new OutboundError("too-slow"));
    signal.addEventListener("abort", onAbort, { once: true });
    socket.once("close", () => signal.removeEventListener("abort", onAbort));
    const { promise, resolve, reject } = Promise.withResolvers<TLSSocket>();
    // Stays: an error between the handshake and the caller's own listener would end the process.
    socket.on("error", (error) => reject(toFault(error, signal)));
    socket.once("secureConnect", () => resolve(socket));
    if (signal.aborted) onAbort();
    return await promise;
  }

  /** Whether a call to this host would be refused. A name that leads nowhere may lead somewhere later. */
  async isRefused(host: string, patienceMs: number): Promise<boolean> {
    try {
      await this.#pin(host.replace(/^\[(.*)\]$/, "$1"), AbortSignal.timeout(patienceMs));
      return false;
    } catch (error) {
      return error instanceof OutboundError && error.code === "address-refused";
    }
  }

  async #pin(host: string, signal: AbortSignal): Promise<Pinned> {
    const addresses = isIP(host) === 0 ? await this.#lookUp(host, signal) : [host];
    // One bad address among good ones is how a name is made to lead elsewhere at the second look.
    if (!addresses.every((address) => mayReach(address, this.#allowed)))
      throw new OutboundError("address-refused");
    if (addresses.length === 0) throw new OutboundError("name-unknown");
    return {
      host,
      addresses: addresses.map((address) => ({ address, family: isIP(address) === 6 ? 6 : 4 })),
    };
  }

  async #lookUp(host: string, signal: AbortSignal): Promise<readonly string[]> {
    const late = Promise.withResolvers<never>();
    const onAbort = (): void => late.reject(new OutboundError("too-slow"));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await Promise.race([this.#resolve(host), late.promise]);
    } catch (error) {
      if (error instanceof OutboundError) throw error;
      throw new OutboundError("name-unknown", { cause: error });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }
}

/** Without the brackets that a URL puts around IPv6. */
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1");

/** In place of another look at DNS: the addresses that were judged. */
const lookupOf =
  ({ addresses }: Pinned): LookupFunction =>
  (_host, options, callback) => {
    const [first] = addresses;
    if (options.all === true || first === undefined) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };

function toFault(error: Error, signal: AbortSignal): OutboundError {
  if (error instanceof OutboundError) return error;
  if (signal.aborted) return new OutboundError("too-slow", { cause: error });
  return new OutboundError("not-connected", { reason: reasonOf(error), cause: error });
}

/** Node's code where there is one, such as ECONNREFUSED: its message names addresses. */
const reasonOf = (error: Error & { code?: unknown }): string =>
  typeof error.code === "string" ? error.code : error.message.slice(0, 200);

import {
  generateKeyPairSync,
  randomBytes,
  sign,
  X509Certificate,
  type KeyObject,
} from "node:crypto";

/*
 * Certificates for TLS servers of tests, as DER by hand (RFC 5280): no program and no package makes them, and no
 * private key lies in the repository.
 */

const TAG = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, utc: 23, sequence: 48, set: 49 };

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length;
  const head =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(TAG.sequence, ...parts);
const oid = (hex: string): Buffer => der(TAG.oid, Buffer.from(hex, "hex"));
const bits = (bytes: Uint8Array): Buffer => der(TAG.bits, Buffer.from([0]), bytes);

/** ecdsa-with-SHA256. */
const ALGORITHM = sequence(oid("2a8648ce3d040302"));
const nameOf = (text: string): Buffer =>
  sequence(der(TAG.set, sequence(oid("550403"), der(TAG.utf8, Buffer.from(text)))));
const timeOf = (at: Date): Buffer =>
  der(TAG.utc, Buffer.from(`${at.toISOString().slice(2, 19).replaceAll(/[-:T]/g, "")}Z`, "latin1"));
const extension = (id: string, isCritical: boolean, value: Uint8Array): Buffer =>
  sequence(oid(id), ...(isCritical ? [Buffer.from([1, 1, 0xff])] : []), der(TAG.octets, value));

type Subject = { name: string; names?: readonly string[]; addresses?: readonly string[] };

function certificate(
  { name, names = [], addresses = [] }: Subject,
  { key, issuer, isAuthority }: { key: KeyObject; issuer: Issuer; isAuthority: boolean },
): string {
  const alternatives = sequence(
    ...names.map((each) => der(0x82, Buffer.from(each))),
    ...addresses.map((each) => der(0x87, Buffer.from(each.split(".").map(Number)))),
  );
  const day = 86_400_000;
  const body = sequence(
    der(0xa0, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ALGORITHM,
    nameOf(issuer.name),
    sequence(timeOf(new Date(Date.now() - day)), timeOf(new Date(Date.now() + 30 * day))),
    nameOf(name),
    key.export({ type: "spki", format: "der" }),
    der(
      0xa3,
      sequence(
        ...(isAuthority
          ? [extension("551d13", true, sequence(Buffer.from([1, 1, 0xff])))]
          : [extension("551d11", false, alternatives)]),
      ),
    ),
  );
  const signature = sign("sha256", body, issuer.key);
  const text = sequence(body, ALGORITHM, bits(signature)).toString("base64");
  return new X509Certificate(
    `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
  ).toString();
}

type Issuer = { name: string; key: KeyObject };

export type TestAuthority = {
  /** Whoever trusts it trusts what it issues. */
  ca: string;
  issue(subject: Subject): { cert: string; key: string };
};

/** A certificate authority that lives as long as the test. */
export function makeAuthority(name = "Test CA"): TestAuthority {
  const pair = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const issuer = { name, key: pair.privateKey };
  return {
    ca: certificate({ name }, { key: pair.publicKey, issuer, isAuthority: true }),
    issue: (subject) => {
      const own = generateKeyPairSync("ec", { namedCurve: "P-256" });
      return {
        cert: certificate(subject, { key: own.publicKey, issuer, isAuthority: false }),
        key: own.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      };
    },
  };
}

import { createPrivateKey, createPublicKey, hash, sign, verify } from "node:crypto";
import { expect, test } from "vitest";
import { concat, fromBase64, fromHex, toHex, utf8 } from "../../src/contract/proofs/bytes.ts";
import { formatCheckpoint, parseCheckpoint } from "../../src/contract/proofs/checkpoint.ts";
import {
  cosignedMessage,
  formatNote,
  formatVerifierKey,
  keyIdOf,
  parseNote,
  parseVerifierKey,
  signaturesBy,
  signedMessage,
  COSIGNATURE_V1,
  ED25519,
  type VerifierKey,
} from "../../src/contract/proofs/note.ts";

const sha256 = (bytes: Uint8Array): Uint8Array => hash("sha256", bytes, "buffer");

const isSigned = (key: VerifierKey, source: string): boolean => {
  const note = parseNote(source);
  if (note === null) return false;
  return signaturesBy(note, key).some((signature) => {
    const signed = signedMessage(key, note, signature);
    return signed !== null && verify(null, signed.message, publicKey(key), signed.signature);
  });
};

const publicKey = ({ publicKey: raw }: VerifierKey) =>
  createPublicKey({
    key: Buffer.from(concat(fromHex("302a300506032b6570032100") ?? raw, raw)),
    format: "der",
    type: "spki",
  });

/** From a public test seed (RFC 8032 §7.1). */
const privateKey = (seed: string) =>
  createPrivateKey({
    key: Buffer.from(`302e020100300506032b657004220420${seed}`, "hex"),
    format: "der",
    type: "pkcs8",
  });

const keyOf = (text: string): VerifierKey => {
  const key = parseVerifierKey(sha256, text);
  if (key === null) throw new Error("no key");
  return key;
};

const EXAMPLE = keyOf("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
const SIGNATURE =
  "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";
const NOTE = `This is an example message.\n\n\u2014 example.com/foo ${SIGNATURE}\n`;

test("the published note is signed by its key, and no other text is", () => {
  expect(isSigned(EXAMPLE, NOTE)).toBe(true);
  expect(isSigned(EXAMPLE, NOTE.replace("This", "That"))).toBe(false);
  expect(formatVerifierKey(EXAMPLE)).toBe(
    "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
  );
  expect(parseVerifierKey(sha256, formatVerifierKey(EXAMPLE).replace("530d", "530e"))).toBeNull();
});

test("signatures of others are left alone, sixteen of them and more", () => {
  const other = `\u2014 other.test/log ${SIGNATURE}\n`;
  expect(isSigned(EXAMPLE, NOTE + other.repeat(16))).toBe(true);
  expect(isSigned(EXAMPLE, NOTE.replace("example.com/foo", "example.com/bar"))).toBe(false);
});

test("an empty line in the text is text", () => {
  const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
  const text = "one\n\ntwo\n";
  const raw = createPublicKey(privateKey(seed))
    .export({ format: "der", type: "spki" })
    .subarray(12);
  const key = { name: "sec.example.test", type: ED25519, publicKey: new Uint8Array(raw) };
  const keyId = keyIdOf(sha256, key);
  const signature = sign(null, utf8(text), privateKey(seed));
  const source = formatNote({ text, signatures: [{ name: key.name, keyId, signature }] });
  expect(parseNote(source)?.text).toBe(text);
  expect(isSigned({ ...key, keyId }, source)).toBe(true);
});

const CHECKPOINT = `sec.example.test/audit/1
8
XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

\u2014 sec.example.test/audit/1 HpB7sjuvfDygyTIS7gUMTmNr4zmKsrgWeE6+NpAqgbQJ6wN7c1vC7OKgm4/r/O/z/9wfSGMhE7rfyQ7VhIbmbnbaagA=
`;
const COSIGNATURE =
  "\u2014 witness.example.test dce0ngAAAABpVbkAOWgNwXs9I5I2oPH5p9VBBjRP0a+X6yzkcSEi8xZ7VENaDTKhq0nFhnQEG/PdVlggJ0siX70Juw97cIwp76k1AQ==\n";

test("the published checkpoint is signed by its log and its witness, at the witness's time", () => {
  const log = keyOf(
    "sec.example.test/audit/1+1e907bb2+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea",
  );
  const witness = keyOf(
    "witness.example.test+75c7b49e+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM",
  );
  expect(witness.type).toBe(COSIGNATURE_V1);
  const source = CHECKPOINT + COSIGNATURE;
  expect([isSigned(log, source), isSigned(witness, source)]).toEqual([true, true]);
  const note = parseNote(source);
  if (note === null) throw new Error("no note");
  const [signature] = signaturesBy(note, witness);
  if (signature === undefined) throw new Error("no cosignature");
  expect(signedMessage(witness, note, signature)?.atSeconds).toBe(1_767_225_600);
  expect(cosignedMessage(note.text, 1_767_225_600)).not.toEqual(cosignedMessage(note.text, 1));
});

test("a checkpoint is read as it is written, and nothing else is one", () => {
  const text = CHECKPOINT.slice(0, CHECKPOINT.lastIndexOf("\n\n") + 1);
  const checkpoint = parseCheckpoint(text);
  expect(checkpoint).toMatchObject({ origin: "sec.example.test/audit/1", size: 8 });
  expect(toHex(checkpoint?.root ?? new Uint8Array())).toMatch(/^5dc9da79/);
  expect(checkpoint === null ? "" : formatCheckpoint(checkpoint)).toBe(text);
  expect(parseCheckpoint(`${text}extension\n`)).toMatchObject({ size: 8 });
  for (const wrong of [
    text.replace("\n8\n", "\n08\n"),
    text.replace("\n8\n", "\n-8\n"),
    text.replace("Xcna", "Xcn"),
    text.slice(0, -1),
    `\n${text}`,
    `${text}\n`,
  ])
    expect(parseCheckpoint(wrong), wrong).toBeNull();
});

test.each([
  ["no signature", "text\n"],
  ["no empty line", `text\n\u2014 a.test ${SIGNATURE}\n`],
  ["a signature that is no base64", "text\n\n\u2014 a.test %%%%\n"],
  ["base64 that is written otherwise", `text\n\n\u2014 a.test ${SIGNATURE.replace(/.=$/, "N=")}\n`],
  ["a carriage return", NOTE.replaceAll("\n", "\r\n")],
  ["a name with a plus", NOTE.replace("example.com/foo", "a+b")],
  ["something after it", `${NOTE}more`],
])("%s is no note", (_name, source) => {
  expect(parseNote(source)).toBeNull();
});

test("base64 and hexadecimal are strict", () => {
  expect([fromBase64("AA=="), fromBase64("AB=="), fromBase64("AA")]).toEqual([
    Uint8Array.of(0),
    null,
    null,
  ]);
  expect([fromHex("0a"), fromHex("0A"), fromHex("0")]).toEqual([Uint8Array.of(10), null, null]);
});

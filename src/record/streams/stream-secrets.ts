import { randomBytes } from "node:crypto";
import type { NewStreamTarget, StreamKind, StreamTarget } from "../../contract/record/streams.ts";
import { streamKinds } from "../../contract/record/streams.ts";
import type { KeyRing } from "../../platform/crypto/key-ring.ts";
import { open, seal, SealBrokenError } from "../../platform/crypto/seal.ts";

/** What signs what is posted: `whsec_` and base64, as Standard Webhooks writes it. */
export type SigningSecrets = {
  current: string;
  /** Signs too until `previousEndsAt`, so that the receiver can change it at its own time. */
  previous?: string;
  previousEndsAt?: string;
};

/** Where a stream goes with what lets it in there. Kept sealed: addresses hold tokens too. */
export type Destination = {
  target: StreamTarget;
  signing?: SigningSecrets;
  clientKey?: string;
  secretAccessKey?: string;
};

const contextOf = (streamId: string): string => `log-stream:${streamId}`;

export const sealDestination = (
  keyRing: KeyRing,
  streamId: string,
  destination: Destination,
): Buffer => seal(keyRing, contextOf(streamId), JSON.stringify(destination));

/** Null when the secret key that sealed it is not among ours: then its target has to be given anew. */
export function openOrNothing(
  keyRing: KeyRing,
  stream: { id: string; sealed: Buffer },
): Destination | null {
  try {
    return JSON.parse(open(keyRing, contextOf(stream.id), stream.sealed).toString()) as Destination;
  } catch (error) {
    if (error instanceof SealBrokenError) return null;
    throw error;
  }
}

export function kindOf(target: StreamTarget | NewStreamTarget): StreamKind {
  const kind = streamKinds.find((name) => target[name] !== undefined);
  if (kind === undefined) throw new Error("a target is of one kind");
  return kind;
}

/** 32 random bytes; Standard Webhooks wants 24 to 64. */
export const newSigningSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/** What was given, apart from what it takes to get in there; what a change leaves out stays as it was. */
export function destinationOf(
  { https, syslog, s3 }: NewStreamTarget,
  before: Omit<Destination, "target"> = {},
): Destination {
  if (syslog !== undefined) return syslogDestination(syslog, before);
  if (s3 !== undefined) {
    const { secretAccessKey = before.secretAccessKey, ...target } = s3;
    return { target: { s3: target }, ...(secretAccessKey !== undefined && { secretAccessKey }) };
  }
  if (https === undefined) throw new Error("a target is of one kind");
  return { target: { https }, signing: before.signing ?? { current: newSigningSecret() } };
}

function syslogDestination(
  given: NonNullable<NewStreamTarget["syslog"]>,
  before: Omit<Destination, "target">,
): Destination {
  const { clientKey = before.clientKey, ...syslog } = given;
  // A key without its certificate is nothing.
  const isShown = syslog.clientCertificate !== undefined && clientKey !== undefined;
  return { target: { syslog }, ...(isShown && { clientKey }) };
}

/** Where it goes as entries and mails say it: without path and query, which hold tokens. */
export function placeNameOf({ https, syslog, s3 }: StreamTarget): string {
  if (https !== undefined) return new URL(https.url).host;
  if (syslog !== undefined) return `${syslog.host}:${syslog.port}`;
  return s3 === undefined ? "" : `${new URL(s3.endpoint).host}/${s3.bucket}`;
}

import { createHmac } from "node:crypto";
import type { SigningSecrets } from "./stream-secrets.ts";

/** What a message says of itself, Standard Webhooks 1.0.0. */
export type Message = {
  /** The same at each try: how a receiver knows what it has already. */
  id: string;
  now: Date;
  body: Buffer;
};

/** Headers of a message, signed by the secret and, while it is replaced, by the one before. */
export function webhookHeaders(
  { current, previous, previousEndsAt }: SigningSecrets,
  { id, now, body }: Message,
): Record<string, string> {
  const seconds = String(Math.floor(now.getTime() / 1000));
  const stillSigns =
    previous !== undefined && previousEndsAt !== undefined && now < new Date(previousEndsAt);
  const secrets = stillSigns ? [current, previous] : [current];
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": secrets
      .map((secret) => `v1,${signature(secret, `${id}.${seconds}.`, body)}`)
      .join(" "),
  };
}

function signature(secret: string, head: string, body: Buffer): string {
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  return createHmac("sha256", key).update(head, "utf8").update(body).digest("base64");
}

/**
 * Creations whose answer did not come, each under the Idempotency-Key it was sent with. Sent again word for
 * word, it is the same attempt: the server does it once, and answers as the first time.
 */
const open = new Map<string, string>();

type Asked = { path: string; body?: object | undefined };

/** The key of an attempt; the one of before, where the same was asked for and nobody knows what became of it. */
export function keyOfAttempt(asked: Asked): string {
  const name = nameOf(asked);
  const key = open.get(name) ?? newKey();
  open.set(name, key);
  return key;
}

/** The person knows what became of it: the same again is another wish. */
export function closeAttempt(asked: Asked): void {
  open.delete(nameOf(asked));
}

/** Something was changed meanwhile: whoever asks for the same now wants another of it. */
export function closeAllAttempts(): void {
  open.clear();
}

const nameOf = ({ path, body }: Asked): string => `${path}\n${JSON.stringify(body)}`;

/** 128 bits. Not by `randomUUID`, which browsers have on secure origins alone. */
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");

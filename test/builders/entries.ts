import { randomUUID } from "node:crypto";
import type { Entry } from "../../src/record/entries/entry.ts";

/** Something that was refused to a stranger, unless told otherwise. */
export function anEntry(given: Partial<Entry> = {}): Entry {
  return {
    at: new Date(),
    action: "request.made",
    outcome: "refused",
    actor: { kind: "stranger", accountId: null, credentialId: null },
    address: "192.0.2.7",
    userAgent: "curl",
    requestId: randomUUID(),
    ...given,
  };
}

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { formatBits, networkBits, toBits } from "../../platform/client-address/address-bits.ts";
import { filedNetwork, idTerm, scopedTerm, termOf, termsOf } from "./terms.ts";

const APP = "0196c0de-0000-7000-8000-0000000000a0";
const AT = new Date("2026-03-01T12:00:00Z");
const hashesOf = (given: Parameters<typeof anEntry>[0]) => termsOf(anEntry(given), AT).hashes;

test("an address is filed under a network that holds any network asked for", () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.nat(128), (address, length) => {
      const bits = toBits(address);
      if (bits === null) return;
      const prefix = Math.min(length, bits.family === 4 ? 32 : 128);
      const network = filedNetwork(`${formatBits(networkBits(bits, prefix))}/${prefix}`);
      const isWide = prefix < (bits.family === 4 ? 8 : 32);
      expect(network === null).toBe(isWide);
      if (network === null) return;
      const hashes = hashesOf({ address, appId: APP });
      expect(hashes.has(termOf("network", network))).toBe(true);
      expect(hashes.has(scopedTerm("network", APP, network))).toBe(true);
    }),
  );
});

test("an entry is filed under its ids, whatever their case, its action, noun, outcome and reason", () => {
  const accountId = "0196C0DE-0000-7000-8000-0000000000AA";
  const hashes = hashesOf({
    action: "key.created",
    reason: "forbidden",
    actor: { kind: "session", accountId, credentialId: "Session-1234" },
    targets: [
      { type: "key", id: "KeyOf12Chars", accountId: "0196c0de-0000-7000-8000-0000000000bb" },
    ],
    requestId: "Req-1",
  });
  for (const term of [
    idTerm(accountId.toLowerCase()),
    idTerm("Session-1234"),
    idTerm("KeyOf12Chars"),
    idTerm("0196c0de-0000-7000-8000-0000000000bb"),
    idTerm("Req-1"),
    termOf("actor", accountId.toLowerCase()),
    termOf("action", "key.created"),
    termOf("noun", "key."),
    termOf("outcome", "refused"),
    termOf("reason", "forbidden"),
  ])
    expect(hashes.has(term)).toBe(true);
});

test("terms that are hashes are below zero, where no word's id is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const term = termOf("id", text);
      expect(term).toBeLessThan(0);
      expect(term).toBeGreaterThanOrEqual(-(2 ** 31));
    }),
  );
});

test("texts that look alike have words, and no word holds what PostgreSQL does not store", () => {
  const { words } = termsOf(
    anEntry({ userAgent: "Ünicode 100%\0\uD800 'quoted\"\\", change: { after: "שלום\nעולם" } }),
    AT,
  );
  for (const word of ["ünicode", "100", "quoted", "שלום", "key"].slice(0, 4))
    expect(words).toContain(word);
  for (const word of words)
    expect([word.includes("\0"), word.isWellFormed()]).toEqual([false, true]);
});

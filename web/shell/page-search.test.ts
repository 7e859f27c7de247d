import { describe, expect, test } from "vitest";
import english from "../../src/contract/texts/en/menu.json" with { type: "json" };
import dutch from "../../src/contract/texts/nl/menu.json" with { type: "json" };
import { isMeant } from "./is-meant.ts";
import { menuFor } from "./menu.ts";

type Texts = { names: Record<string, string>; synonyms: Record<string, string> };

const found = ({ names, synonyms }: Texts, wanted: string, isOperator = false): string[] =>
  menuFor({ isOperator })
    .flatMap(({ items }) => items)
    .filter(({ text }) => isMeant(wanted, `${names[text]} ${synonyms[text]}`))
    .map(({ text }) => text);

describe("pages are found by what people call them", () => {
  test.each([
    ["2FA", "twoFactor"],
    ["MFA", "twoFactor"],
    ["OTP", "twoFactor"],
    ["authenticator", "twoFactor"],
    ["backup codes", "twoFactor"],
    ["multifactor", "twoFactor"],
    ["two-step", "twoFactor"],
    ["team", "shared"],
    ["members", "shared"],
    ["users", "shared"],
    ["invite", "shared"],
    ["permissions", "shared"],
    ["tokens", "apps"],
    ["API", "apps"],
    ["api key", "apps"],
    ["service account", "apps"],
    ["firewall", "whitelist"],
    ["allowlist", "whitelist"],
    ["allow-list", "whitelist"],
    ["whitelisting", "whitelist"],
    ["audit", "actionLog"],
    ["history", "actionLog"],
    ["logs", "actionLog"],
    ["export", "actionLog"],
    ["theme", "profile"],
    ["dark mode", "profile"],
    ["language", "profile"],
    ["email", "profile"],
    ["log out", "sessions"],
    ["devices", "sessions"],
    ["change password", "password"],
    ["dashboard", "home"],
    ["docs", "help"],
    ["notifications", "inbox"],
    ["unsubscribe", "keepInformed"],
  ])("in English: %s", (wanted, page) => {
    expect(found(english, wanted)).toContain(page);
  });

  test.each([
    ["2fa", "twoFactor"],
    ["tweefactor", "twoFactor"],
    ["herstelcodes", "twoFactor"],
    ["team", "shared"],
    ["leden", "shared"],
    ["gebruikers", "shared"],
    ["uitnodigen", "shared"],
    ["rechten", "shared"],
    ["tokens", "apps"],
    ["API", "apps"],
    ["api sleutel", "apps"],
    ["firewall", "whitelist"],
    ["allowlist", "whitelist"],
    ["ip adressen", "whitelist"],
    ["audit", "actionLog"],
    ["geschiedenis", "actionLog"],
    ["logboek", "actionLog"],
    ["thema", "profile"],
    ["taal", "profile"],
    ["email", "profile"],
    ["uitloggen", "sessions"],
    ["apparaten", "sessions"],
    ["wachtwoord wijzigen", "password"],
    ["wachtwoord verlopen", "passwordPolicy"],
    ["handleiding", "help"],
    ["meldingen", "inbox"],
    ["afmelden", "keepInformed"],
  ])("in Dutch: %s", (wanted, page) => {
    expect(found(dutch, wanted)).toContain(page);
  });

  test.each([english, dutch] as Texts[])("the operator's are found by operators alone", (texts) => {
    for (const wanted of ["logo", "status", "ticket"]) {
      expect(found(texts, wanted)).toEqual([]);
      expect(found(texts, wanted, true)).toHaveLength(1);
    }
  });

  test("by nothing are all, by nonsense is none", () => {
    expect(found(english, "")).toHaveLength(16);
    expect(found(english, "zzz")).toEqual([]);
  });
});

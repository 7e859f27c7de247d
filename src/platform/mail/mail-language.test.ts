import { describe, expect, test } from "vitest";
import { languages } from "../../contract/languages.ts";
import { mailKinds, placeholdersOf, type MailKind } from "../../contract/mails.ts";
import { composeMail, type ComposedMail } from "./compose-mail.ts";
import { defaultWording, textsOf } from "./mail-language.ts";
import { sampleMail } from "./sample-mail.ts";

const kinds = Object.keys(mailKinds) as MailKind[];
const now = new Date("2026-03-01T12:00:00Z");

const places = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? "");

function sample(kind: MailKind, language: (typeof languages)[number]): ComposedMail {
  return composeMail(sampleMail(kind, { now, language }), {
    reader: { language, timeZone: "UTC", name: "Robin Example" },
    wording: defaultWording(kind, language),
    facts: { when: now, device: "Firefox", address: "192.0.2.7" },
    product: "Example",
  });
}

const words = (mail: ComposedMail): string =>
  [...mail.intro, ...mail.lines, mail.warning ?? [], ...mail.closing]
    .map((pieces) => pieces.map(({ text }) => text).join(""))
    .join("\n");

describe.each(languages)("%s", (language) => {
  test.each(kinds)("%s has all its texts, filled with what it is sent with", (kind) => {
    const { subject, lines, button, warning = "", ...more } = textsOf(kind, language);
    expect(more).toEqual({});
    expect(button !== undefined).toBe("link" in mailKinds[kind]);
    const known = new Set<string>(mailKinds[kind].params);
    const unknown = [subject, warning, ...Object.values(lines)]
      .flatMap(places)
      .filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
    for (const needed of mailKinds[kind].needs) expect(places(subject)).toContain(needed);
    const mail = sample(kind, language);
    expect(mail.lines.length).toBeGreaterThan(0);
    expect(words(mail)).not.toMatch(/\{\{|\}\}|undefined|\[object/);
  });
});

test.each(kinds)("%s says in Dutch what it says in English", (kind) => {
  const [english, dutch] = [textsOf(kind, "en"), textsOf(kind, "nl")];
  expect(Object.keys(dutch.lines)).toEqual(Object.keys(english.lines));
  for (const [key, text] of Object.entries(english.lines)) {
    const theirs = dutch.lines[key] ?? "";
    expect(places(theirs).toSorted()).toEqual(places(text).toSorted());
    if (text.split(" ").length > 4) expect(theirs).not.toBe(text);
  }
});

test("what a stranger typed is no placeholder of a mail to an address that somebody typed", () => {
  for (const kind of kinds)
    expect(placeholdersOf(kind).includes("name")).toBe(mailKinds[kind].to === "holder");
});

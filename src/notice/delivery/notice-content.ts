import type { MailKind } from "../../contract/mails.ts";
import type { Mail, MailFacts, MailValue } from "../../platform/mail/compose-mail.ts";

/** An instant among stored values: JSON has none. */
type StoredInstant = { at: string };
type StoredValue = string | number | StoredInstant | StoredPhrase;
type StoredPhrase = { say: string; with?: Record<string, StoredValue> };
type StoredValues = Record<string, StoredValue>;

/** What happened, in nobody's language yet, as it stands in the database. */
export type NoticeContent = {
  values: StoredValues;
  lines: (string | [string, StoredValues])[];
  facts: StoredValues;
  /** Its mails have a link that works once, each another. */
  hasOwnLink?: boolean;
};

type Told = Mail & { facts?: Omit<MailFacts, "when"> };

/** Leaves the token of the mail's link out: whoever reads rows must not be able to open it. */
export function toContent(
  { values, lines, facts = {} }: Told,
  { hasOwnLink }: { hasOwnLink: boolean },
): NoticeContent {
  return {
    ...(hasOwnLink && { hasOwnLink }),
    values: store(values),
    lines: (lines as readonly (string | [string, Record<string, MailValue>])[]).map((line) =>
      typeof line === "string" ? line : [line[0], store(line[1])],
    ),
    facts: store(facts),
  };
}

/** The other way: a kind that this release does not know is not asked for. */
export function fromContent(
  kind: MailKind,
  { values, lines, facts }: NoticeContent,
): { mail: Mail; facts: Omit<MailFacts, "when"> } {
  const mail = {
    kind,
    values: revive(values),
    lines: lines.map((line) => (typeof line === "string" ? line : [line[0], revive(line[1])])),
  };
  // As `toContent` was given it.
  return { mail: mail as unknown as Mail, facts: revive(facts) };
}

const store = (values: Readonly<Record<string, MailValue | undefined>>): StoredValues =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, storeOne(value)]],
    ),
  );

function storeOne(value: MailValue): StoredValue {
  if (typeof value !== "object") return value;
  if (value instanceof Date) return { at: value.toISOString() };
  return { say: value.say, ...(value.with !== undefined && { with: store(value.with) }) };
}

const revive = (values: StoredValues): Record<string, MailValue> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, reviveOne(value)]));

function reviveOne(value: StoredValue): MailValue {
  if (typeof value !== "object") return value;
  if ("at" in value) return new Date(value.at);
  const { say, with: own } = value;
  return { say, ...(own !== undefined && { with: revive(own) }) } as MailValue;
}

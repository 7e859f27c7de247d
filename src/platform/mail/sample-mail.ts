import type { Language } from "../../contract/languages.ts";
import { mailKinds, type MailKind } from "../../contract/mails.ts";
import type { Mail, MailValue } from "./compose-mail.ts";
import { textsOf } from "./mail-language.ts";

/** Made-up values for every place of every mail: for previews and tests. */
function sampleValues(now: Date): Record<string, MailValue> {
  const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000);
  return {
    account: "Billing",
    actor: "Noor Berg (noor@example.com)",
    added: "invoices:read",
    address: "guest@example.com",
    app: "Webshop",
    asker: "Harbour Books",
    before: { say: "officer" },
    channel: { say: "channel-email" },
    characters: 9,
    class: { say: "class-account-warning" },
    count: 2,
    days: 7,
    device: { say: "browserOn", with: { browser: "Firefox", system: "Debian" } },
    end: { say: "until", with: { at: inDays(7) } },
    endBefore: { say: "noEnd" },
    endsAt: inDays(7),
    externalId: "customer-1042",
    from: "Canal Street Ltd",
    hours: 24,
    important: 180,
    inviter: "Noor Berg",
    key: "Production",
    keyId: "8ZqT41mB0sXk",
    minutes: 15,
    mode: { say: "mode-enforce" },
    newKeyId: "2HfW90dLxRv3",
    oldEndsAt: inDays(1),
    organisation: "Harbour Books",
    passkey: "Work laptop",
    people: "Noor Berg (noor@example.com)",
    permissions: "app:read, app:write",
    person: "Sam de Wit (sam@example.com)",
    readyAt: inDays(3),
    reason: "Ticket 12",
    removed: "invoices:write",
    role: { say: "role-editor" },
    roleBefore: { say: "role-reporter" },
    routine: 30,
    scope: { say: "scopeApp", with: { app: "Webshop" } },
    scopes: "decide, provision",
    since: now,
    stream: "Security team",
    target: "siem.example.com",
  };
}

const MEMBER_KINDS: readonly MailKind[] = [
  "invitation-to-organisation",
  "member-joined",
  "member-changed",
  "member-left",
  "member-removed",
];

/** A mail of this kind with made-up values and every line that it can have; its link opens nothing. */
export function sampleMail(
  kind: MailKind,
  { now, language }: { now: Date; language: Language },
): Mail {
  const all: Record<string, MailValue | undefined> = sampleValues(now);
  if (MEMBER_KINDS.includes(kind)) all["role"] = { say: "owner" };
  const values = Object.fromEntries(mailKinds[kind].params.map((name) => [name, all[name]]));
  const keys = Object.keys(textsOf(kind, language).lines).map((key) =>
    key.replace(/_(one|other)$/, ""),
  );
  // The table's keys, so that the compiler need not follow.
  return { kind, values, lines: [...new Set(keys)] } as unknown as Mail;
}

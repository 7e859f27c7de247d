import type {
  ReachedApp,
  ReceiptSaid,
  VerifiedReceipt,
} from "../../src/contract/proofs/verify-leavers-receipt.ts";
import { roleName, statementName, t } from "./texts.ts";

type Child = Node | string | null;

/** An element; text is text and never markup, whoever wrote what it says. */
function element(name: string, given: Record<string, string>, ...children: Child[]): HTMLElement {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(given)) made.setAttribute(attribute, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const paragraph = (text: string): HTMLElement => element("p", {}, text);

function section(title: string, ...children: Child[]): HTMLElement {
  return element("section", {}, element("h2", {}, title), ...children);
}

/** A verdict for the eye and for whoever has it read: never by colour alone. */
function verdict(kind: "good" | "bad" | "open", title: string, intro: string): HTMLElement {
  const mark = { good: "✓", bad: "✗", open: "?" }[kind];
  return element(
    "div",
    { class: `verdict ${kind}`, role: "status" },
    element("h1", {}, element("span", { "aria-hidden": "true" }, `${mark} `), title),
    paragraph(intro),
  );
}

export function showMessage(page: HTMLElement, title: string, intro: string): void {
  page.replaceChildren(element("p", { class: "kind" }, t("title")), verdict("open", title, intro));
}

/** What the receipt says, under what came of checking it. */
export function showReceipt(page: HTMLElement, verified: VerifiedReceipt): void {
  const { isValid, said } = verified;
  page.replaceChildren(
    element("p", { class: "kind" }, t("title")),
    isValid
      ? verdict("good", t("holds"), t("holdsIntro"))
      : verdict("bad", t("broken"), t("brokenIntro")),
    ...(isValid ? [] : [faultList(verified)]),
    ...(said === null ? [] : statements(said)),
    limits(),
    ...(said === null ? [] : [details(said)]),
  );
}

function faultList({ checks, said }: VerifiedReceipt): HTMLElement {
  const items = checks.flatMap(({ statement, app, fault }) => {
    if (fault === null) return [];
    const name = said?.apps.find(({ id }) => id === app)?.name ?? app;
    const what = `${statementName(statement)}${name === undefined ? "" : ` (${name})`}`;
    return [
      element(
        "li",
        {},
        element("strong", {}, `${t("false")}: `),
        what,
        element("small", { lang: "en" }, ` ${fault}`),
      ),
    ];
  });
  return element("ul", { class: "faults" }, ...items);
}

function statements(said: ReceiptSaid): HTMLElement[] {
  const { removal, apps } = said;
  const { person, organisation } = removal;
  const who = [person.name ?? person.id, person.email === null ? "" : `(${person.email})`]
    .filter(Boolean)
    .join(" ");
  return [
    element(
      "p",
      { class: "removal" },
      t("removed", {
        removedAt: removal.at,
        who,
        organisation: organisation.name ?? organisation.id,
      }),
    ),
    followed(said),
    section(
      t("apps"),
      paragraph(t("appsEnded")),
      apps.length === 0
        ? paragraph(t("appsNone"))
        : element("ul", { class: "apps" }, ...apps.map((app) => appLine(app, removal.membership))),
      removal.revokedKeys > 0 ? paragraph(t("keysRevoked", { count: removal.revokedKeys })) : null,
      removal.keptKeys > 0 ? paragraph(t("keysKept", { count: removal.keptKeys })) : null,
    ),
  ];
}

function followed({ isFollowed, lastAct, upTo }: ReceiptSaid): HTMLElement {
  if (!isFollowed)
    return paragraph(upTo === null ? t("nothingSigned") : t("nothing", { upToAt: upTo }));
  return element(
    "div",
    { class: "verdict bad" },
    element("h2", {}, t("followsTitle")),
    paragraph(
      lastAct?.at == null
        ? t("followsLeaf", { leaf: lastAct?.leaf ?? "?" })
        : t("follows", { lastAt: lastAct.at }),
    ),
  );
}

function appLine(app: ReachedApp, membership: string | null): HTMLElement {
  return element(
    "li",
    {},
    element("strong", {}, app.name ?? t("nameless")),
    ` – ${reachOf(app, membership)}, ${lastUseOf(app)}`,
    app.isUsedSince ? element("strong", { class: "since" }, ` ${t("appUsedSince")}`) : null,
  );
}

function reachOf({ role }: ReachedApp, membership: string | null): string {
  if (role !== null) return roleName(role);
  return membership === "owner" ? t("asOwner") : t("asOfficer");
}

function lastUseOf({ lastUse }: ReachedApp): string {
  if (lastUse === null) return t("appNever");
  return lastUse.at === null
    ? t("appAtLeaf", { leaf: lastUse.leaf })
    : t("appAt", { lastAt: lastUse.at });
}

function limits(): HTMLElement {
  const lines = [t("notAfter"), t("notElsewhere"), t("notCopies"), t("notUnwritten"), t("notLies")];
  return section(t("not"), element("ul", {}, ...lines.map((line) => element("li", {}, line))));
}

function details({ origin, size, key, removal }: ReceiptSaid): HTMLElement {
  return section(
    t("details"),
    paragraph(t("signed", { origin })),
    paragraph(`${removal.entry} · ${t("leaf", { leaf: removal.leaf, size })}`),
    paragraph(`${t("key")}:`),
    element("code", {}, key),
    paragraph(t("keyHint")),
  );
}

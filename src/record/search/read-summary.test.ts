import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addApp, addGrant, type OwnedApp } from "../../../test/builders/access.ts";
import { anEntry } from "../../../test/builders/entries.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { actions } from "../../contract/actions.ts";
import type { LogEntry } from "../../contract/record/entries.ts";
import type { LogSummary } from "../../contract/record/summary.ts";
import type { Entry } from "../entries/entry.ts";

let h: Harness;
let owner: Person;
let guest: Person;
let shop: OwnedApp;
let other: OwnedApp;
beforeAll(async () => {
  h = await startHarness();
  owner = await addPerson(h, { displayName: "Olga Owner" });
  shop = await addApp(h, { owner, name: "Shop" });
  other = await addApp(h, { owner, name: "Other" });
  ({ person: guest } = await addGrant(h, { appId: shop.appId, role: "editor" }));
  for (let index = 0; index < 120; index++) await put(index);
});
afterAll(() => h.stop());

const by = (person: Person): Entry["actor"] => ({
  kind: "session",
  accountId: person.accountId,
  credentialId: person.sessionId,
});

/** By guests and owners, about both apps and none, with targets of others, guesses among it. */
async function put(index: number): Promise<void> {
  const actor = [by(owner), by(guest), anEntry().actor][index % 3] ?? by(owner);
  const appId = [shop.appId, other.appId, undefined, "0196c0de-0000-7000-8000-000000000099"][
    index % 4
  ];
  await h.services.recorder.submit(
    anEntry({
      at: h.clock.now(),
      action: index % 5 === 0 ? "session.signed-in" : "grant.listed",
      outcome: index % 2 === 0 ? "done" : "refused",
      reason: index % 6 === 1 ? "not-found" : undefined,
      actor,
      appId,
      address: `192.0.2.${index % 7}`,
      targets: [
        ...(index % 4 === 1 ? [{ type: "app", id: shop.appId }] : []),
        ...(index % 8 === 2 ? [{ type: "account", id: "a", accountId: owner.accountId }] : []),
        ...(index % 8 === 3 ? [{ type: "account", id: "g", accountId: guest.accountId }] : []),
      ],
    }),
  );
}

const summary = async (as: Headers, query = ""): Promise<LogSummary> => {
  const { status, body } = await h.call("GET", `/v1/audit/summary?${query}`, { as });
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
};

async function listAll(as: Headers, query: string): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let cursor = "";
  do {
    const { body } = await h.call("GET", `/v1/audit/entries?limit=200&${query}${cursor}`, { as });
    entries.push(...body.entries);
    cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
  } while (cursor !== "");
  return entries;
}

/** What a summary must say, from the entries themselves. */
function recount(entries: readonly LogEntry[]) {
  const add = (counts: Map<string, number>, key: string, count: number) =>
    void counts.set(key, (counts.get(key) ?? 0) + count);
  const totals = { done: 0, refused: 0, failed: 0 };
  const addresses = new Map<string, number>();
  const folds = new Map<string, number>();
  for (const { action, outcome, address, actor, credential, app, count = 1 } of entries) {
    totals[outcome as "done"] += count;
    if (address !== null) add(addresses, `${address} ${outcome}`, count);
    if (actions[action as keyof typeof actions] === "routine")
      add(
        folds,
        [actor.accountId, credential?.id, app?.id, app?.name, action, outcome].join(" "),
        count,
      );
  }
  return { totals, addresses: Object.fromEntries(addresses), folds: Object.fromEntries(folds) };
}

function flatten({ totals, addresses, routine }: LogSummary) {
  const outcomes = ["done", "refused", "failed"] as const;
  const flat = <Row extends Record<(typeof outcomes)[number], number>>(
    rows: readonly Row[],
    name: (row: Row) => string,
  ) =>
    Object.fromEntries(
      rows.flatMap((row) =>
        outcomes.flatMap((outcome) =>
          row[outcome] === 0 ? [] : [[`${name(row)} ${outcome}`, row[outcome]] as const],
        ),
      ),
    );
  return {
    totals,
    addresses: flat(addresses, ({ address }) => address),
    folds: flat(routine, ({ actor, credential, app, action }) =>
      [actor.accountId, credential?.id, app?.id, app?.name, action].join(" "),
    ),
  };
}

/** So that the filer has counted everything but what the test asks itself. */
const settled = () =>
  expect
    .poll(async () => {
      const rows = await h.services.db
        .selectFrom("entry_writer")
        .select("tallied_through")
        .where("tallied_through", ">", "100")
        .execute();
      return rows.length;
    })
    .toBeGreaterThan(0);

describe.each(["the filer has not come to it", "the filer has counted it"])("while %s", (state) => {
  const filters = [
    "",
    "class=routine",
    "outcome=refused",
    "action=session.*",
    "address=192.0.2.2,192.0.2.4/31",
  ];
  test.each(filters)(
    "counts are those of the entries that each reader sees (%s)",
    async (filter) => {
      if (state === "the filer has counted it") await settled();
      for (const person of [owner, guest]) {
        for (const scope of ["", `app=${shop.appId}`, `actor=${guest.accountId}`]) {
          // The questions themselves are on record too: they are left out of both.
          const asked = [filter, scope].filter((part) => part !== "").join("&");
          const entries = await listAll(person.headers, asked);
          const found = await summary(person.headers, asked);
          const own = (action: string) => ["entry.listed", "entry.summarised"].includes(action);
          const without = entries.filter(({ action }) => !own(action));
          const expected = recount(without);
          const flat = flatten({
            ...found,
            routine: found.routine.filter(({ action }) => !own(action)),
          });
          expect(flat.folds, `${asked} of ${person.accountId}`).toEqual(expected.folds);
          if (!expected.totals.done && !expected.totals.refused) continue;
          expect(flat.totals.refused).toBe(expected.totals.refused);
          delete flat.addresses["127.0.0.1 done"];
          delete expected.addresses["127.0.0.1 done"];
          expect(flat.addresses).toEqual(expected.addresses);
        }
      }
    },
  );
});

test("days are those of the asked zone, days without an entry among them, and add up to the whole", async () => {
  const query = "timeZone=Pacific%2FAuckland&from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z";
  const { days, totals, from, to } = await summary(owner.headers, query);
  expect(days.map(({ day }) => day)).toEqual([
    "2026-03-01",
    "2026-03-02",
    "2026-03-03",
    "2026-03-04",
  ]);
  expect([from, to]).toEqual(["2026-03-01T00:00:00.000Z", "2026-03-04T00:00:00.000Z"]);
  expect(totals).toEqual({ done: 0, refused: 0, failed: 0 });
  const now = await summary(owner.headers);
  expect(now.days).toHaveLength(31);
  const sum = (of: "done" | "refused" | "failed") =>
    now.days.reduce((all, day) => all + day[of], 0);
  expect({ done: sum("done"), refused: sum("refused"), failed: sum("failed") }).toEqual(now.totals);
  expect(now.isComplete).toBe(true);
});

test("a summary leaves one entry, and is in the next one at once", async () => {
  const person = await addPerson(h);
  await summary(person.headers);
  const [fold] = (await summary(person.headers)).routine;
  expect(fold).toMatchObject({
    action: "entry.summarised",
    done: 1,
    refused: 0,
    actor: { accountId: person.accountId },
    credential: { id: person.sessionId },
  });
});

test.each([
  ["timeZone=Mars", "/timeZone"],
  ["from=2020-01-01T00:00:00Z", "/from"],
  ["from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "/from"],
  ["actor=x", "/actor"],
])("%s is refused at its field", async (query, pointer) => {
  const { status, body } = await h.call("GET", `/v1/audit/summary?${query}`, { as: owner.headers });
  expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
});

test("a stranger is refused", async () => {
  expect((await h.call("GET", "/v1/audit/summary")).status).toBe(401);
});

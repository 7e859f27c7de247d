import { Client } from "pg";
import type { Action } from "../src/contract/actions.ts";
import { createKeyRing } from "../src/platform/crypto/key-ring.ts";
import { hashToken, newToken } from "../src/platform/crypto/tokens.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { dayOf, encode, sealBatch, type BatchRow } from "../src/record/entries/batch.ts";
import type { Entry } from "../src/record/entries/entry.ts";
import type { EntryClass } from "../src/contract/record/entry-class.ts";
import type { Lab } from "./lab.ts";

const ORGANISATIONS = 200;
const KEYS_PER_APP = 10;
/** Processes whose batches are on record; two run at a time, as with two machines. */
const WRITERS = 4;
const SPAN_MS = 30 * 86_400_000;
const BATCHES_AT_ONCE = 2_000;
/** One entry in this many is in the busy organisation; the others share the rest. */
const BUSY_SHARE = 0.5;
const QUIET_ENTRIES = 25;

export type SeededLog = {
  /** Cookies' values: of who owns half of everything, and of who has a few entries. */
  busy: string;
  quiet: string;
  entries: number;
  important: number;
  batches: number;
};

export type Somebody = {
  accountId: string;
  appId: string;
  organisationId: string;
  keys: Credential[];
};
type Credential = { accountId: string; keyId: string };

/** A month of a big installation: batches as the server writes them, in their numbers and with their MACs. */
export async function seedLog(
  lab: Lab,
  count: number,
  options: SeedOptions = {},
): Promise<SeededLog> {
  const client = new Client({ connectionString: lab.ownerUrl });
  await client.connect();
  try {
    const people = somebodies(ORGANISATIONS);
    await insertPeople(client, people);
    const [busy, quiet, ...rest] = people;
    if (busy === undefined || quiet === undefined) throw new Error("there are people");
    const counts = await insertBatches({ client, lab, count, busy, quiet, rest, ...options });
    return {
      busy: await insertSession(client, busy.accountId),
      quiet: await insertSession(client, quiet.accountId),
      ...counts,
    };
  } finally {
    await client.end();
  }
}

function somebodies(count: number): Somebody[] {
  const id = () => uuidv7(Date.now());
  return Array.from({ length: count }, () => ({
    accountId: id(),
    appId: id(),
    organisationId: id(),
    keys: Array.from({ length: KEYS_PER_APP }, () => ({
      accountId: id(),
      keyId: newToken().slice(0, 12),
    })),
  }));
}

export async function insertPeople(client: Client, people: readonly Somebody[]): Promise<void> {
  const column = (name: "accountId" | "appId" | "organisationId") =>
    people.map((person) => person[name]);
  await client.query(
    `insert into account (id, kind, display_name, email, email_key)
     select p.id, 'person', 'Robin Example ' || p.n, p.id || '@example.test', p.id || '@example.test'
     from unnest($1::uuid[]) with ordinality as p (id, n)`,
    [column("accountId")],
  );
  await client.query(
    "insert into organisation (id, name) select p.id, 'Organisation ' || p.n from unnest($1::uuid[]) with ordinality as p (id, n)",
    [column("organisationId")],
  );
  await client.query(
    "insert into organisation_member (organisation_id, account_id, role) select p.organisation, p.account, 'owner' from unnest($1::uuid[], $2::uuid[]) as p (organisation, account)",
    [column("organisationId"), column("accountId")],
  );
  await client.query(
    "insert into app (id, organisation_id, name) select p.id, p.organisation, 'Shop ' || p.n from unnest($1::uuid[], $2::uuid[]) with ordinality as p (id, organisation, n)",
    [column("appId"), column("organisationId")],
  );
  const services = people.flatMap(({ appId, keys }) => keys.map((key) => ({ appId, ...key })));
  await client.query(
    "insert into account (id, kind, display_name) select s.id, 'service', 'Billing ' || s.n from unnest($1::uuid[]) with ordinality as s (id, n)",
    [services.map(({ accountId }) => accountId)],
  );
  await client.query(
    "insert into service_account (account_id, app_id) select * from unnest($1::uuid[], $2::uuid[])",
    [services.map(({ accountId }) => accountId), services.map(({ appId }) => appId)],
  );
}

export async function insertSession(client: Client, accountId: string): Promise<string> {
  const token = newToken();
  await client.query(
    `insert into session (id, account_id, token_hash, level, user_agent, ends_at)
     values (gen_random_uuid(), $1, $2, 'full', 'Chromium', now() + interval '12 hours')`,
    [accountId, hashToken(token)],
  );
  return token;
}

type SeedOptions = {
  /** Entries of this class alone. */
  only?: EntryClass;
  /** The month ended so long ago. */
  agoMs?: number;
};

type Seeding = SeedOptions & {
  client: Client;
  lab: Lab;
  count: number;
  busy: Somebody;
  quiet: Somebody;
  rest: readonly Somebody[];
};

async function insertBatches({ client, lab, count, busy, quiet, rest, only, agoMs = 0 }: Seeding) {
  const keyRing = createKeyRing({ current: lab.secretKey, previous: [] });
  const writers = await insertWriters(client);
  const beganAtMs = Date.now() - SPAN_MS - agoMs;
  const counts = { entries: 0, important: 0, batches: 0 };
  let rows: BatchRow[] = [];
  for (let index = 0; counts.entries < count; index++) {
    const at = new Date(beganAtMs + Math.floor((counts.entries / count) * SPAN_MS));
    const isLate = counts.entries > count / 2 ? 2 : 0;
    const writer = writers[isLate + (index % 2)];
    if (writer === undefined) throw new Error("there are four writers");
    const pick = (turn: number): Somebody => {
      if (turn % Math.ceil(count / QUIET_ENTRIES) === 7) return quiet;
      if (hashOf(turn) < BUSY_SHARE) return busy;
      return rest[turn % rest.length] ?? busy;
    };
    const size = sizeOf(index, only);
    const entries = Array.from({ length: size }, (_, position) => {
      const turn = counts.entries + position;
      return encode(
        size > 4 ? aDecision(pick(turn), turn, at) : somethingImportant(pick(turn), turn, at),
      );
    });
    const key = { day: dayOf(at), writer: writer.id, number: ++writer.number };
    rows.push(sealBatch(keyRing, key, { at, entries }));
    counts.entries += size;
    counts.batches += 1;
    if (size <= 4) counts.important += size;
    if (rows.length === BATCHES_AT_ONCE) {
      await insertRows(client, rows);
      rows = [];
    }
  }
  await insertRows(client, rows);
  return counts;
}

/** Five of six batches are of one to four important entries, every sixth of 12 to 20 decisions. */
function sizeOf(index: number, only: EntryClass | undefined): number {
  const isRoutine = only === undefined ? index % 6 === 0 : only === "routine";
  return isRoutine ? 12 + (index % 9) : 1 + (index % 4);
}

/** A fraction that looks random and is the same in each run. */
export const hashOf = (value: number): number =>
  ((value * 2_654_435_761) % 4_294_967_296) / 4_294_967_296;

async function insertWriters(client: Client): Promise<{ id: number; number: number }[]> {
  const { rows } = await client.query<{ id: number }>(
    `insert into entry_writer (process_id, started_at)
     select gen_random_uuid(), now() - interval '30 days' from generate_series(1, $1) returning id`,
    [WRITERS],
  );
  return rows.map(({ id }) => ({ id, number: 0 }));
}

async function insertRows(client: Client, rows: readonly BatchRow[]): Promise<void> {
  const bytes = (value: Buffer) => `\\x${value.toString("hex")}`;
  const json = rows.map(({ macKeyId, payload, mac, ...row }) => ({
    ...row,
    payload: bytes(payload),
    mac: bytes(mac),
    mac_key_id: macKeyId,
  }));
  await client.query(
    "insert into entry_batch select * from jsonb_populate_recordset(null::entry_batch, $1::jsonb)",
    [JSON.stringify(json)],
  );
}

/** A program calls from two machines, a person from three places; who is refused comes from many. */
const ADDRESSES = { program: 2, person: 3, refused: 200 };

function common(
  { organisationId, appId, keys }: Somebody,
  { turn, at, from }: { turn: number; at: Date; from: keyof typeof ADDRESSES },
) {
  return {
    at,
    organisationId,
    appId,
    address: `203.0.${from === "program" ? turn % keys.length : from.length}.${Math.floor(hashOf(turn) * ADDRESSES[from])}`,
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    requestId: `bench-${turn}`,
  };
}

function aDecision(
  whose: Somebody,
  turn: number,
  at: Date,
  from: "program" | "refused" = "program",
): Entry {
  const key = keyOf(whose, turn);
  return {
    ...common(whose, { turn, at, from }),
    action: "decision.made",
    outcome: "done",
    actor: { kind: "api-key", accountId: key.accountId, credentialId: key.keyId },
    targets: [{ type: "key", id: key.keyId, accountId: key.accountId }],
  };
}

const important: readonly Action[] = [
  "session.signed-in",
  "session.second-factor-passed",
  "key.created",
  "key.revoked",
  "app.renamed",
  "role.changed",
  "service-account.created",
  "decision.made",
];

function somethingImportant(whose: Somebody, turn: number, at: Date): Entry {
  const action = important[turn % important.length] ?? "app.renamed";
  const key = keyOf(whose, turn);
  if (action === "decision.made")
    return {
      ...aDecision(whose, turn, at, "refused"),
      outcome: "refused",
      reason: "address-not-allowed",
    };
  return {
    ...common(whose, { turn, at, from: "person" }),
    action,
    outcome: "done",
    actor: { kind: "session", accountId: whose.accountId, credentialId: whose.organisationId },
    targets: [{ type: "key", id: key.keyId, accountId: key.accountId }],
    change: {
      before: { name: `Production ${turn % 50}`, note: "before" },
      after: { name: `Production ${turn % 51}`, note: "after" },
    },
  };
}

function keyOf({ keys }: Somebody, turn: number): Credential {
  const key = keys[turn % keys.length];
  if (key === undefined) throw new Error("every app has keys");
  return key;
}

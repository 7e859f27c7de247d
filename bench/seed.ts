import { Client } from "pg";
import { newApiKey } from "../src/platform/crypto/api-key-format.ts";
import { createKeyRing } from "../src/platform/crypto/key-ring.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import type { Lab } from "./lab.ts";

export type Seeded = {
  appId: string;
  organisationId: string;
  gateway: string;
  keys: string[];
  accountIds: string[];
};

/** One app with a gateway and many service accounts of one key each, every key bound to an address list. */
export async function seedKeys(lab: Lab, count: number): Promise<Seeded> {
  const keyRing = createKeyRing({ current: lab.secretKey, previous: [] });
  const client = new Client({ connectionString: lab.ownerUrl });
  await client.connect();
  const id = () => uuidv7(Date.now());
  const seeded: Seeded = {
    appId: id(),
    organisationId: id(),
    gateway: "",
    keys: [],
    accountIds: [],
  };
  await client.query("insert into organisation (id, name) values ($1, 'Bench')", [
    seeded.organisationId,
  ]);
  await client.query("insert into app (id, organisation_id, name) values ($1, $2, 'Shop')", [
    seeded.appId,
    seeded.organisationId,
  ]);
  const rows = Array.from({ length: count + 1 }, (_, index) => {
    const { id: keyId, text } = newApiKey("key");
    const { keyId: macKeyId, mac } = keyRing.mac("api-key", text);
    return {
      accountId: id(),
      keyId,
      text,
      mac,
      macKeyId,
      role: index === 0 ? "gateway" : "editor",
    };
  });
  const column = <K extends keyof (typeof rows)[number]>(name: K) => rows.map((row) => row[name]);
  await client.query(
    "insert into account (id, kind, display_name) select unnest($1::uuid[]), 'service', 'Bench'",
    [column("accountId")],
  );
  await client.query(
    "insert into service_account (account_id, app_id) select unnest($1::uuid[]), $2",
    [column("accountId"), seeded.appId],
  );
  await client.query(
    "insert into access_grant (id, account_id, app_id, role) select gen_random_uuid(), u.account, $2, u.role from unnest($1::uuid[], $3::text[]) as u (account, role)",
    [column("accountId"), seeded.appId, column("role")],
  );
  await client.query(
    `insert into api_key (id, account_id, name, mac, mac_key_id, expires_at)
     select u.id, u.account, 'Bench', u.mac, u.mac_key, now() + interval '300 days' from unnest($1::text[], $2::uuid[], $3::bytea[], $4::text[]) as u (id, account, mac, mac_key)`,
    [column("keyId"), column("accountId"), column("mac"), column("macKeyId")],
  );
  await client.query(
    `insert into address_rules (level, owner_id, mode, entries)
     select 'key', unnest($1::text[]), 'enforce', '[{"cidr":"203.0.113.0/24","note":""},{"cidr":"2001:db8::/32","note":""}]'::jsonb`,
    [column("keyId").slice(1)],
  );
  // As autovacuum would within a minute of so many new rows.
  await client.query("analyze");
  await client.end();
  return {
    ...seeded,
    gateway: rows[0]?.text ?? "",
    keys: column("text").slice(1),
    accountIds: column("accountId").slice(1),
  };
}

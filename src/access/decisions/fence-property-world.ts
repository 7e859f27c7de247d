import assert from "node:assert/strict";
import { addGrant, addMember } from "../../../test/builders/access.ts";
import {
  changeAccess,
  insertApp,
  insertKey,
  type TestApp,
  type TestKey,
} from "../../../test/builders/gateways.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import type { Tx } from "../../platform/db/db.ts";
import { accountSlot, organisationSlot } from "../../platform/db/version-slots.ts";
import type { Place, Stage } from "./fence-property-stage.ts";

export type KeyState = {
  isLive: boolean;
  /** The holder made it, so it goes when they are removed from everything. */
  isHolders: boolean;
};

/** What the database holds, as the model remembers it. */
export type Model = {
  /** The service account's role in the app. */
  role: string | null;
  endsAtMs: number | null;
  isDisabled: boolean;
  /** The service account's keys by id. */
  keys: ReadonlyMap<string, KeyState>;
  /** The role in the app of the person who holds the service account. */
  holderRole: string | null;
};

/**
 * An end may be taken to have passed this much too early, ms: what a process takes for PostgreSQL's
 * clock holds the time that it took to read it. Too late is never right.
 */
const EARLY_MS = 50;
const YEAR_MS = 365 * 86_400_000;

const mayWrite = (model: Model, keyId: string, nowMs: number): boolean =>
  model.keys.get(keyId)?.isLive === true &&
  !model.isDisabled &&
  model.role === "editor" &&
  (model.endsAtMs === null || nowMs < model.endsAtMs);

type MadeKey = { keyId: string; text: string };

type Backup = {
  model: Model;
  versions: { slot: number; version: string }[];
  /** Changes that had been made until then. */
  changeCount: number;
};

/** An organisation whose app a service account may use, by keys that a guest of the app made. */
export class World {
  readonly stage: Stage;
  readonly app: TestApp;
  /** Another app of the organisation. */
  readonly secondAppId: string;
  readonly owner: Person;
  readonly holder: Person;
  readonly accountId: string;
  /** Every key that was ever made for the service account. */
  readonly keys: MadeKey[];
  model: Model;
  readonly #gateway: TestKey;
  readonly #key: TestKey;
  /** The database as it was, versions included. */
  #backup: Backup | null = null;
  #changeCount = 0;

  private constructor(
    given: Pick<World, "stage" | "app" | "secondAppId" | "owner" | "holder"> & {
      gateway: TestKey;
      key: TestKey;
    },
  ) {
    this.stage = given.stage;
    this.app = given.app;
    this.secondAppId = given.secondAppId;
    this.owner = given.owner;
    this.holder = given.holder;
    this.#gateway = given.gateway;
    this.#key = given.key;
    this.accountId = given.key.accountId;
    this.keys = [given.key];
    this.model = {
      role: "editor",
      endsAtMs: null,
      isDisabled: false,
      keys: new Map([[given.key.keyId, { isLive: true, isHolders: true }]]),
      holderRole: "admin",
    };
  }

  static async make(stage: Stage): Promise<World> {
    const { base } = stage;
    const app = await insertApp(base);
    const { appId, organisationId } = app;
    const { appId: secondAppId } = await insertApp(base, organisationId);
    const owner = await addMember(base, { organisationId, role: "owner" });
    const holder = await addPerson(base);
    await addGrant(base, { appId, role: "admin", person: holder });
    const gateway = await insertKey(base, app, { role: "gateway" });
    const key = await insertKey(base, app);
    await base.db
      .updateTable("api_key")
      .set({ created_by: holder.accountId })
      .where("id", "=", key.keyId)
      .execute();
    const world = new World({ stage, app, secondAppId, owner, holder, gateway, key });
    await world.backUp();
    return world;
  }

  /** One of the keys; any number names one. */
  keyAt(index: number): MadeKey {
    const key = this.keys[index % this.keys.length];
    if (key === undefined) throw new Error("there is always the first");
    return key;
  }

  nowMs(): number {
    return this.stage.base.clock.now().getTime();
  }

  async question(place: Place, credential: string) {
    return await this.stage.processes[place].call("POST", "/v1/decisions", {
      as: this.#gateway.headers,
      body: {
        credential,
        action: "app:write",
        appId: this.app.appId,
        address: "203.0.113.7",
      },
    });
  }

  async ask(place: Place, { text }: MadeKey = this.keyAt(0)): Promise<boolean> {
    const reply = await this.question(place, text);
    assert.equal(reply.status, 200);
    return reply.body.allowed as boolean;
  }

  /** Asks, and compares the answer with what each of these models says. */
  async askRightly(
    place: Place,
    key: MadeKey,
    models: () => readonly Model[] = () => [this.model],
  ): Promise<void> {
    const right = new Set<boolean>();
    const see = (atMs: number) => {
      for (const model of models()) right.add(mayWrite(model, key.keyId, atMs));
    };
    // An end may pass between question and answer: then either is right.
    see(this.nowMs());
    const isAllowed = await this.ask(place, key);
    see(this.nowMs());
    see(this.nowMs() + EARLY_MS);
    assert.ok(right.has(isAllowed), `${isAllowed} is no right answer`);
  }

  /** Changes rows behind the processes' backs, as another one would: slots, then rows. */
  async become(next: Model): Promise<void> {
    const { base } = this.stage;
    await changeAccess(base, { app: this.app, key: this.#key }, (tx) => this.#write(tx, next));
    this.model = next;
    this.#changeCount += 1;
  }

  async backUp(): Promise<void> {
    const slots = [this.accountId, this.holder.accountId].map(accountSlot);
    const versions = await this.stage.base.db
      .selectFrom("version_slot")
      .selectAll()
      .where("slot", "in", [organisationSlot(this.app.organisationId), ...slots])
      .execute();
    this.#backup = { model: this.model, versions, changeCount: this.#changeCount };
  }

  /**
   * The database comes back as the backup has it, versions included, under processes that remember what
   * came later. Versions are random, so no later change can come to one that they remember: not by as
   * many changes as there were before, either.
   */
  async restore({ isChangedAsOften }: { isChangedAsOften: boolean }): Promise<void> {
    if (this.#backup === null) return;
    const { model, versions, changeCount } = this.#backup;
    const lostCount = this.#changeCount - changeCount;
    await this.stage.base.db.transaction().execute(async (tx) => {
      for (const { slot, version } of versions)
        await tx.updateTable("version_slot").set({ version }).where("slot", "=", slot).execute();
      await this.#write(tx, model);
    });
    this.model = model;
    this.#changeCount = changeCount;
    if (isChangedAsOften) for (let lost = 0; lost < lostCount; lost++) await this.become(model);
  }

  async #write(tx: Tx, model: Model): Promise<void> {
    const now = this.stage.base.clock.now();
    await this.#writeKeys(tx, model);
    await tx
      .updateTable("account")
      .set({ disabled_at: model.isDisabled ? now : null })
      .where("id", "=", this.accountId)
      .execute();
    await this.#writeGrant(tx, this.accountId, model.role, model.endsAtMs);
    await this.#writeGrant(tx, this.holder.accountId, model.holderRole, null);
  }

  /** A key that the model does not know was made after the backup: it is gone. */
  async #writeKeys(tx: Tx, { keys }: Model): Promise<void> {
    const now = this.stage.base.clock.now();
    await tx
      .deleteFrom("api_key")
      .where("account_id", "=", this.accountId)
      .where("id", "not in", [...keys.keys()])
      .execute();
    for (const [id, { isLive }] of keys)
      await tx
        .updateTable("api_key")
        .set(
          isLive
            ? {
                revoked_at: null,
                revoke_reason: null,
                expires_at: new Date(now.getTime() + YEAR_MS),
              }
            : { revoked_at: now, revoke_reason: "unspecified" },
        )
        .where("id", "=", id)
        .execute();
  }

  async #writeGrant(
    tx: Tx,
    accountId: string,
    role: string | null,
    endsAtMs: number | null,
  ): Promise<void> {
    await tx
      .deleteFrom("access_grant")
      .where("account_id", "=", accountId)
      .where("app_id", "=", this.app.appId)
      .execute();
    if (role === null) return;
    await tx
      .insertInto("access_grant")
      .values({
        id: crypto.randomUUID(),
        account_id: accountId,
        app_id: this.app.appId,
        role,
        expires_at: endsAtMs === null ? null : new Date(endsAtMs),
      })
      .execute();
  }
}

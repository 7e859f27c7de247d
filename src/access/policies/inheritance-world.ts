import type { StrictestRules } from "../../contract/identity/strictest-rules.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import type { Tx } from "../../platform/db/db.ts";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import type { Harness } from "../../../test/harness.ts";
import { endAllOfApp, markAppDeleted, moveApp } from "../apps/app-queries.ts";
import { deleteMember, upsertMember } from "../organisations/organisation-queries.ts";
import { deleteGrant, upsertGrant } from "../sharing/grant-queries.ts";
import { Model, PEACE_MS, type Bound, type Step } from "./inheritance-model.ts";
import { demandPasswordsOf, putPolicy, readPolicy } from "./policy-queries.ts";
import { wantedPolicy } from "./wanted-rules.ts";

const DAY_MS = 86_400_000;

type Parts = { apps: OwnedApp[]; guests: Person[]; organisations: string[]; model: Model };

/**
 * Three organisations with two apps each and three guests, in the database and in a model beside it that
 * remembers everything that was ever done and works out from that who is bound by what.
 */
export async function makeWorld(h: Harness): Promise<World> {
  const apps: OwnedApp[] = [];
  for (let count = 0; count < 3; count++) {
    const first = await addApp(h);
    apps.push(first, await addApp(h, { owner: first.owner }));
  }
  const guests: Person[] = [];
  for (let count = 0; count < 3; count++) guests.push(await addPerson(h));
  const organisations = [0, 1, 2].map((index) => apps[index * 2]?.organisationId ?? "");
  const world = new World(h, { apps, guests, organisations, model: new Model() });
  for (const guest of [0, 1, 2]) await world.take({ do: "change", guest });
  return world;
}

class World {
  readonly #h: Harness;
  readonly #parts: Parts;

  constructor(h: Harness, parts: Parts) {
    this.#h = h;
    this.#parts = parts;
  }

  async take(step: Step): Promise<void> {
    if (step.do === "wait") return this.#h.clock.advance(step.days * DAY_MS);
    const stage = new Stage(this.#parts, this.#h.clock.now());
    const act = acts[step.do] as (tx: Tx, stage: Stage, step: Step) => Promise<void>;
    await this.#h.db.transaction().execute((tx) => act(tx, stage, step));
  }

  /** Everybody, as the product binds them and as the model says. */
  async compare(): Promise<{ bound: Bound; expected: Bound }[]> {
    const now = this.#h.clock.now();
    const { model, guests } = this.#parts;
    const { ports } = this.#h.services;
    const compared = [];
    for (const [guest, { accountId }] of guests.entries()) {
      const changedAt = new Date(model.changedAt[guest] ?? 0);
      const rules = await ports.passwordRules(this.#h.db, {
        accountId,
        changedAt,
        distrustedAt: null,
        now,
      });
      compared.push({ bound: toBound(rules), expected: model.bound(guest, now.getTime()) });
    }
    return compared;
  }
}

/** Where one step is taken: whom and what its numbers mean, and when it is. */
class Stage {
  readonly #parts: Parts;
  readonly now: Date;

  constructor(parts: Parts, now: Date) {
    this.#parts = parts;
    this.now = now;
  }

  get model(): Model {
    return this.#parts.model;
  }
  organisation = (index: number): string => this.#parts.organisations[index] ?? "";
  guest = (index: number): string => this.#parts.guests[index]?.accountId ?? "";
  app = (index: number): string => this.#parts.apps[index]?.appId ?? "";
}

type Acts = {
  [Name in Exclude<Step["do"], "wait">]: (
    tx: Tx,
    stage: Stage,
    step: Extract<Step, { do: Name }>,
  ) => Promise<void>;
};

const acts: Acts = {
  async ask(tx, { model, now, organisation }, step) {
    const organisationId = organisation(step.organisation);
    const { ages } = await readPolicy(tx, organisationId);
    const { days, minLength, needsCapital, reuseDays, idleMinutes } = step;
    const wanted = wantedPolicy(
      { preset: "custom", maxAgeDays: days, minLength, needsCapital, reuseDays, idleMinutes },
      { ages, now },
    );
    await putPolicy(tx, organisationId, { ...wanted, changedAt: now, changedBy: null });
    model.asked.push({ ...step, at: now.getTime() });
  },

  async share(tx, { model, now, app, guest }, step) {
    if (model.deleted.has(step.app)) return;
    const expiresAt = step.ends === null ? null : new Date(now.getTime() + step.ends * DAY_MS);
    const id = await upsertGrant(tx, {
      id: uuidv7(now.getTime()),
      accountId: guest(step.guest),
      appId: app(step.app),
      role: "reporter",
      expiresAt,
      grantedBy: null,
      createdAt: now,
    });
    model.share({ id, app: step.app, guest: step.guest, ends: expiresAt }, now);
  },

  async revoke(tx, { model }, step) {
    const share = model.shareOf(step.app, step.guest);
    if (share !== undefined) await deleteGrant(tx, share.id);
    model.revoke(step.app, step.guest);
  },

  async change(tx, { model, now, guest }, step) {
    await tx
      .updateTable("account")
      .set({ password_hash: "changed", password_changed_at: now })
      .where("id", "=", guest(step.guest))
      .execute();
    model.changedAt[step.guest] = now.getTime();
  },

  async demand(tx, { model, now, organisation, guest }, step) {
    await demandPasswordsOf(tx, {
      organisationId: organisation(step.organisation),
      accountIds: [guest(step.guest)],
      demandedBy: guest(step.guest),
      now,
      notSince: new Date(now.getTime() - PEACE_MS),
    });
    model.demand(step.organisation, step.guest, now);
  },

  async delete(tx, { model, now, app }, step) {
    const appId = app(step.app);
    await markAppDeleted(tx, { appId, deletedAt: now });
    await endAllOfApp(tx, { appId, endedAt: now });
    model.deleted.add(step.app);
  },

  async move(tx, { model, now, app, organisation }, step) {
    if (model.organisationOf(step.app) === step.organisation) return;
    const to = { organisationId: organisation(step.organisation), now };
    await moveApp(tx, { appId: app(step.app), ...to });
    model.moved.set(step.app, { organisation: step.organisation, at: now.getTime() });
  },

  async join(tx, { model, now, organisation, guest }, step) {
    const member = {
      organisationId: organisation(step.organisation),
      accountId: guest(step.guest),
    };
    await upsertMember(tx, { ...member, role: "officer", createdAt: now });
    model.join(step.organisation, step.guest, now);
  },

  async leave(tx, { model, organisation, guest }, step) {
    await deleteMember(tx, {
      organisationId: organisation(step.organisation),
      accountId: guest(step.guest),
    });
    model.leave(step.organisation, step.guest);
  },
};

const toBound = (rules: StrictestRules): Bound => ({
  minLength: rules.minLength.value,
  needsCapital: rules.needsCapital !== null,
  maxAgeDays: rules.maxAgeDays?.value ?? null,
  reuseDays: rules.reuseDays?.value ?? null,
  idleMinutes: rules.idleMinutes?.value ?? null,
  dueAt: rules.due?.at.getTime() ?? null,
});

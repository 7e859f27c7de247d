import type { StrictestRules } from "../../contract/identity/strictest-rules.ts";
import { systemContext } from "../../context.ts";
import { uuidv7 } from "../../platform/crypto/uuid.ts";
import { addApp, type OwnedApp } from "../../../test/builders/access.ts";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import type { Harness } from "../../../test/harness.ts";
import { endAllOfApp, markAppDeleted, moveApp } from "../apps/app-queries.ts";
import { deleteMember, upsertMember } from "../organisations/organisation-queries.ts";
import { deleteGrant, upsertGrant } from "../sharing/grant-queries.ts";
import { demandPasswordsOf, putPolicy, readPolicy } from "./policy-queries.ts";
import { wantedPolicy } from "./wanted-rules.ts";

const DAY_MS = 86_400_000;
const PEACE_MS = 24 * 3_600_000;

export type Step =
  | {
      do: "ask";
      organisation: number;
      days: number | null;
      minLength: number;
      needsCapital: boolean;
      reuseDays: number | null;
    }
  | { do: "share"; app: number; guest: number; ends: number | null }
  | { do: "revoke"; app: number; guest: number }
  | { do: "wait"; days: number }
  | { do: "change"; guest: number }
  | { do: "demand"; organisation: number; guest: number }
  | { do: "delete"; app: number }
  | { do: "move"; app: number; organisation: number }
  | { do: "join"; organisation: number; guest: number }
  | { do: "leave"; organisation: number; guest: number };

type Asked = Extract<Step, { do: "ask" }> & { at: number };
type Share = { id: string; app: number; guest: number; since: number; ends: number | null };
type Membership = { organisation: number; guest: number; since: number };

/** What decides how somebody is bound, as far as both can tell it: values, and when the password ends. */
type Bound = {
  minLength: number;
  needsCapital: boolean;
  maxAgeDays: number | null;
  reuseDays: number | null;
  dueAt: number | null;
};

/**
 * Three organisations with two apps each and three guests, in the database and in a model beside it that
 * remembers everything that was ever done and works out from that who is bound by what.
 */
export async function makeWorld(h: Harness) {
  const apps: OwnedApp[] = [];
  for (let count = 0; count < 3; count++) {
    const first = await addApp(h);
    apps.push(first, await addApp(h, { owner: first.owner }));
  }
  const guests: Person[] = [];
  for (let count = 0; count < 3; count++) guests.push(await addPerson(h));
  const organisations = [0, 1, 2].map((index) => apps[index * 2]?.organisationId ?? "");
  const model = new Model();
  const world = new World(h, { apps, guests, organisations, model });
  for (const guest of [0, 1, 2]) await world.take({ do: "change", guest });
  return world;
}

type Parts = { apps: OwnedApp[]; guests: Person[]; organisations: string[]; model: Model };

class World {
  readonly #h: Harness;
  readonly #parts: Parts;

  constructor(h: Harness, parts: Parts) {
    this.#h = h;
    this.#parts = parts;
  }

  async take(step: Step): Promise<void> {
    const h = this.#h;
    const { model } = this.#parts;
    if (step.do === "wait") {
      h.clock.advance(step.days * DAY_MS);
      return;
    }
    const now = h.clock.now();
    await h.db.transaction().execute(async (tx) => {
      switch (step.do) {
        case "ask": {
          const organisationId = this.#organisation(step.organisation);
          const { ages } = await readPolicy(tx, organisationId);
          const { days, minLength, needsCapital, reuseDays } = step;
          const wanted = wantedPolicy(
            { preset: "custom", maxAgeDays: days, minLength, needsCapital, reuseDays },
            { ages, now },
          );
          await putPolicy(tx, organisationId, { ...wanted, changedAt: now, changedBy: null });
          break;
        }
        case "share": {
          const app = this.#app(step.app);
          if (model.isDeleted(step.app)) return;
          const expiresAt = step.ends === null ? null : new Date(now.getTime() + step.ends * DAY_MS);
          const id = await upsertGrant(tx, {
            id: uuidv7(now.getTime()),
            accountId: this.#guest(step.guest),
            appId: app.appId,
            role: "reporter",
            expiresAt,
            grantedBy: null,
            createdAt: now,
          });
          model.share({ id, app: step.app, guest: step.guest, ends: expiresAt }, now);
          break;
        }
        case "revoke": {
          const share = model.shareOf(step.app, step.guest);
          if (share !== undefined) await deleteGrant(tx, share.id);
          model.revoke(step.app, step.guest);
          break;
        }
        case "change":
          await tx
            .updateTable("account")
            .set({ password_hash: "changed", password_changed_at: now })
            .where("id", "=", this.#guest(step.guest))
            .execute();
          model.changedAt[step.guest] = now.getTime();
          break;
        case "demand":
          await demandPasswordsOf(tx, {
            organisationId: this.#organisation(step.organisation),
            accountIds: [this.#guest(step.guest)],
            demandedBy: this.#guest(step.guest),
            now,
            notSince: new Date(now.getTime() - PEACE_MS),
          });
          model.demand(step.organisation, step.guest, now);
          break;
        case "delete": {
          const { appId } = this.#app(step.app);
          await markAppDeleted(tx, { appId, deletedAt: now });
          await endAllOfApp(tx, { appId, endedAt: now });
          model.deleted.add(step.app);
          break;
        }
        case "move":
          if (model.organisationOf(step.app) === step.organisation) return;
          await moveApp(tx, {
            appId: this.#app(step.app).appId,
            organisationId: this.#organisation(step.organisation),
            now,
          });
          model.moved.set(step.app, { organisation: step.organisation, at: now.getTime() });
          break;
        case "join":
          await upsertMember(tx, {
            organisationId: this.#organisation(step.organisation),
            accountId: this.#guest(step.guest),
            role: "officer",
            createdAt: now,
          });
          model.join(step.organisation, step.guest, now);
          break;
        case "leave":
          await deleteMember(tx, {
            organisationId: this.#organisation(step.organisation),
            accountId: this.#guest(step.guest),
          });
          model.leave(step.organisation, step.guest);
      }
    });
    if (step.do === "ask") model.asked.push({ ...step, at: now.getTime() });
  }

  async compare(): Promise<{ bound: Bound; expected: Bound }[]> {
    const now = this.#h.clock.now();
    const { model, guests } = this.#parts;
    const compared = [];
    for (const [guest, { accountId }] of guests.entries()) {
      const changedAt = new Date(model.changedAt[guest] ?? 0);
      const { ports } = systemContext(this.#h.services, "test");
      const rules = await ports.passwordRules(this.#h.db, { accountId, changedAt, now });
      compared.push({ bound: toBound(rules), expected: model.bound(guest, now.getTime()) });
    }
    return compared;
  }

  #organisation = (index: number): string => this.#parts.organisations[index] ?? "";
  #guest = (index: number): string => this.#parts.guests[index]?.accountId ?? "";
  #app(index: number): OwnedApp {
    const app = this.#parts.apps[index];
    if (app === undefined) throw new Error("there are six apps");
    return app;
  }
}

const toBound = (rules: StrictestRules): Bound => ({
  minLength: rules.minLength.value,
  needsCapital: rules.needsCapital !== null,
  maxAgeDays: rules.maxAgeDays?.value ?? null,
  reuseDays: rules.reuseDays?.value ?? null,
  dueAt: rules.due?.at.getTime() ?? null,
});

/** All that happened, and what follows from it: by looking through everything, slowly. */
class Model {
  readonly asked: Asked[] = [];
  readonly changedAt: number[] = [];
  readonly deleted = new Set<number>();
  readonly moved = new Map<number, { organisation: number; at: number }>();
  #shares: Share[] = [];
  #members: Membership[] = [];
  readonly #demands: { organisation: number; guest: number; at: number }[] = [];

  isDeleted = (app: number): boolean => this.deleted.has(app);
  organisationOf = (app: number): number => this.moved.get(app)?.organisation ?? Math.floor(app / 2);
  shareOf = (app: number, guest: number) =>
    this.#shares.find((share) => share.app === app && share.guest === guest);

  share(given: { id: string; app: number; guest: number; ends: Date | null }, now: Date): void {
    const before = this.shareOf(given.app, given.guest);
    const isLive = before !== undefined && (before.ends === null || before.ends > now.getTime());
    const since = isLive ? before.since : now.getTime();
    this.revoke(given.app, given.guest);
    this.#shares.push({ ...given, since, ends: given.ends?.getTime() ?? null });
  }

  revoke(app: number, guest: number): void {
    this.#shares = this.#shares.filter((share) => share.app !== app || share.guest !== guest);
  }

  join(organisation: number, guest: number, now: Date): void {
    const isIn = this.#members.some((one) => one.organisation === organisation && one.guest === guest);
    if (!isIn) this.#members.push({ organisation, guest, since: now.getTime() });
  }

  leave(organisation: number, guest: number): void {
    this.#members = this.#members.filter(
      (one) => one.organisation !== organisation || one.guest !== guest,
    );
  }

  demand(organisation: number, guest: number, now: Date): void {
    const at = Math.max(now.getTime(), (this.changedAt[guest] ?? 0) + 1);
    const last = this.#demands.findLast(
      (one) => one.organisation === organisation && one.guest === guest,
    );
    if (last === undefined || last.at <= now.getTime() - PEACE_MS)
      this.#demands.push({ organisation, guest, at });
  }

  bound(guest: number, now: number): Bound {
    const tied = [0, 1, 2].flatMap((organisation) => {
      const begun = this.#begunAt(organisation, guest, now);
      return begun === null ? [] : [{ organisation, begun }];
    });
    const asking = tied.flatMap(({ organisation }) => {
      const last = this.asked.findLast((one) => one.organisation === organisation);
      return last === undefined ? [] : [last];
    });
    const ages = asking.flatMap(({ days }) => (days === null ? [] : [days]));
    const windows = asking.flatMap(({ reuseDays }) => (reuseDays === null ? [] : [reuseDays]));
    const dues = tied.flatMap((tie) => this.#duesOf(tie, guest));
    return {
      minLength: Math.max(9, ...asking.map(({ minLength }) => minLength)),
      needsCapital: asking.some(({ needsCapital }) => needsCapital),
      maxAgeDays: ages.length === 0 ? null : Math.min(...ages),
      reuseDays: windows.length === 0 ? null : Math.max(...windows),
      dueAt: dues.length === 0 ? null : Math.min(...dues),
    };
  }

  /** Since when the guest has been tied to the organisation by what ties them now; null: they are not. */
  #begunAt(organisation: number, guest: number, now: number): number | null {
    const begins = [
      ...this.#members
        .filter((one) => one.organisation === organisation && one.guest === guest)
        .map(({ since }) => since),
      ...this.#shares
        .filter((share) => share.guest === guest && this.organisationOf(share.app) === organisation)
        .filter((share) => !this.deleted.has(share.app) && (share.ends === null || share.ends > now))
        .map((share) => Math.max(share.since, this.moved.get(share.app)?.at ?? 0)),
    ];
    return begins.length === 0 ? null : Math.min(...begins);
  }

  /** For each number of days ever asked: since when never more than it was asked without a gap. */
  #duesOf({ organisation, begun }: { organisation: number; begun: number }, guest: number): number[] {
    const changed = this.changedAt[guest] ?? 0;
    const history = this.asked.filter((one) => one.organisation === organisation);
    const asked = history.at(-1)?.days ?? null;
    const ends = history.flatMap(({ days }) => {
      if (asked === null || days === null || days < asked) return [];
      const run = history.findLastIndex((one) => one.days === null || one.days > days) + 1;
      return [Math.max(changed, begun, history[run]?.at ?? 0) + days * DAY_MS];
    });
    const demand = this.#demands.findLast(
      (one) => one.organisation === organisation && one.guest === guest,
    );
    const isDemanded = demand !== undefined && demand.at > changed && demand.at >= begun;
    return isDemanded ? [...ends, demand.at] : ends;
  }
}

const DAY_MS = 86_400_000;
/** For how long an organisation that asked for another password does not ask again. */
export const PEACE_MS = 24 * 3_600_000;

export type Step =
  | {
      do: "ask";
      organisation: number;
      days: number | null;
      minLength: number;
      needsCapital: boolean;
      reuseDays: number | null;
      idleMinutes: number | null;
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
export type Bound = {
  minLength: number;
  needsCapital: boolean;
  maxAgeDays: number | null;
  reuseDays: number | null;
  idleMinutes: number | null;
  dueAt: number | null;
};

/** All that happened, and what follows from it: by looking through everything, slowly. */
export class Model {
  readonly asked: Asked[] = [];
  readonly changedAt: number[] = [];
  readonly deleted = new Set<number>();
  readonly moved = new Map<number, { organisation: number; at: number }>();
  #shares: Share[] = [];
  #members: Membership[] = [];
  readonly #demands: { organisation: number; guest: number; at: number }[] = [];

  organisationOf = (app: number): number =>
    this.moved.get(app)?.organisation ?? Math.floor(app / 2);
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
    const isIn = this.#members.some(
      (one) => one.organisation === organisation && one.guest === guest,
    );
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
    const rests = asking.flatMap(({ idleMinutes }) => (idleMinutes === null ? [] : [idleMinutes]));
    const dues = tied.flatMap((tie) => this.#duesOf(tie, guest));
    return {
      minLength: Math.max(9, ...asking.map(({ minLength }) => minLength)),
      needsCapital: asking.some(({ needsCapital }) => needsCapital),
      maxAgeDays: ages.length === 0 ? null : Math.min(...ages),
      reuseDays: windows.length === 0 ? null : Math.max(...windows),
      idleMinutes: rests.length === 0 ? null : Math.min(...rests),
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
        .filter(
          (share) => !this.deleted.has(share.app) && (share.ends === null || share.ends > now),
        )
        .map((share) => Math.max(share.since, this.moved.get(share.app)?.at ?? 0)),
    ];
    return begins.length === 0 ? null : Math.min(...begins);
  }

  /** For each number of days ever asked: since when never more than it was asked without a gap. */
  #duesOf(
    { organisation, begun }: { organisation: number; begun: number },
    guest: number,
  ): number[] {
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

import { LEAST_LENGTH, type PasswordRules } from "./password-rules.ts";

const DAY_MS = 86_400_000;

/** Why an organisation's rules bind an account: by which apps, and who keeps them. */
export type RuleSource = {
  organisation: { id: string; name: string };
  owners: { email: string }[];
  /** Of the organisation's apps those shared with the account; none where it only belongs to the organisation. */
  apps: { id: string; name: string }[];
};

/** A greatest age and since when it is asked for; each counts from its own beginning. */
export type AgeRule = { days: number; since: Date };

/** What ties an account to one organisation at a moment, and what that organisation asks of it. */
export type Tie = RuleSource & {
  isMember: boolean;
  /** Since when the account is tied to it. */
  beganAt: Date;
  rules: Omit<PasswordRules, "maxAgeDays">;
  /** None: a password does not age. The shortest holds; longer ones of before go on counting. */
  ages: AgeRule[];
  /** When it asked for another password at once; null: it did not. */
  demandedAt: Date | null;
};

/** The strictest part of a rule, and whose it is. */
export type Bound<Value> = { value: Value; source: RuleSource };

export type StrictestRules = {
  /** Null source: what holds for everybody. */
  minLength: { value: number; source: RuleSource | null };
  needsCapital: Bound<true> | null;
  needsNumber: Bound<true> | null;
  needsSpecial: Bound<true> | null;
  maxAgeDays: Bound<number> | null;
  reuseDays: Bound<number> | null;
  /** Minutes without use after which a session ends. */
  idleMinutes: Bound<number> | null;
  /** When another password is asked for, and by whom; null: never. Null source: its holder, after a stranger's sign-in. */
  due: { at: Date; isDemanded: boolean; source: RuleSource | null } | null;
};

/**
 * The strictest part of each rule of all organisations that an account is tied to. Pure, and the one place
 * where rules of several organisations become one.
 *
 * @param changedAt when the account's password was set; null: it has none, and so none that ends.
 * @param distrustedAt when its holder said that a stranger had signed in with it.
 */
export function strictestRules(
  given: readonly Tie[],
  changedAt: Date | null,
  distrustedAt: Date | null = null,
): StrictestRules {
  const ties = given.toSorted(byNearness);
  const most = (valueOf: (tie: Tie) => number | null) => strictest(ties, valueOf, (a, b) => a > b);
  const needed = (isNeeded: (tie: Tie) => boolean): Bound<true> | null => {
    const tie = ties.find(isNeeded);
    return tie === undefined ? null : { value: true, source: sourceOf(tie) };
  };
  const minLength = most(({ rules }) => rules.minLength);
  return {
    minLength:
      minLength !== null && minLength.value > LEAST_LENGTH
        ? minLength
        : { value: LEAST_LENGTH, source: null },
    needsCapital: needed(({ rules }) => rules.needsCapital),
    needsNumber: needed(({ rules }) => rules.needsNumber),
    needsSpecial: needed(({ rules }) => rules.needsSpecial),
    maxAgeDays: strictest(ties, shortestAge, (a, b) => a < b),
    reuseDays: most(({ rules }) => rules.reuseDays),
    idleMinutes: strictest(
      ties,
      ({ rules }) => rules.idleMinutes,
      (a, b) => a < b,
    ),
    due: changedAt === null ? null : earlier(firstDue(ties, changedAt), changedAt, distrustedAt),
  };
}

/** One's own organisation is named before others that ask the same; then by name. */
function byNearness(a: Tie, b: Tie): number {
  if (a.isMember !== b.isMember) return a.isMember ? -1 : 1;
  const [left, right] = [a.organisation, b.organisation];
  if (left.name !== right.name) return left.name < right.name ? -1 : 1;
  return left.id < right.id ? -1 : 1;
}

function strictest(
  ties: readonly Tie[],
  valueOf: (tie: Tie) => number | null,
  isStricter: (value: number, than: number) => boolean,
): Bound<number> | null {
  let found: { value: number; tie: Tie } | null = null;
  for (const tie of ties) {
    const value = valueOf(tie);
    if (value !== null && (found === null || isStricter(value, found.value)))
      found = { value, tie };
  }
  return found && { value: found.value, source: sourceOf(found.tie) };
}

/** The days that an organisation asks for now: the shortest of those that count. */
export const shortestAge = ({ ages }: Pick<Tie, "ages">): number | null =>
  ages.length === 0 ? null : Math.min(...ages.map(({ days }) => days));

function earlier(
  due: StrictestRules["due"],
  changedAt: Date,
  distrustedAt: Date | null,
): StrictestRules["due"] {
  if (distrustedAt === null || distrustedAt <= changedAt) return due;
  if (due !== null && due.at <= distrustedAt) return due;
  return { at: distrustedAt, isDemanded: true, source: null };
}

function firstDue(ties: readonly Tie[], changedAt: Date): StrictestRules["due"] {
  let first: { atMs: number; isDemanded: boolean; tie: Tie } | null = null;
  for (const tie of ties)
    for (const { atMs, isDemanded } of duesOf(tie, changedAt))
      if (first === null || atMs < first.atMs) first = { atMs, isDemanded, tie };
  return (
    first && {
      at: new Date(first.atMs),
      isDemanded: first.isDemanded,
      source: sourceOf(first.tie),
    }
  );
}

/**
 * A period is counted from the last of: the password was set, the rule was made, the account was tied to the
 * organisation. So nobody's password has ended the moment a rule reaches it. Days are of 24 hours.
 */
function duesOf(tie: Tie, changedAt: Date): { atMs: number; isDemanded: boolean }[] {
  const dues = tie.ages.map(({ days, since }) => ({
    atMs: Math.max(changedAt.getTime(), since.getTime(), tie.beganAt.getTime()) + days * DAY_MS,
    isDemanded: false,
  }));
  const { demandedAt } = tie;
  const isDemanded = demandedAt !== null && demandedAt > changedAt && demandedAt >= tie.beganAt;
  return isDemanded ? [...dues, { atMs: demandedAt.getTime(), isDemanded }] : dues;
}

const sourceOf = ({ organisation, owners, apps }: Tie): RuleSource => ({
  organisation,
  owners,
  apps,
});

/**
 * The ages that count once an organisation asks for another one. Stricter begins its own count, beside those
 * of before, which go on: so neither has a password ended at once, nor does it last longer by a stricter
 * rule. More lenient counts from where the stricter one did.
 */
export function nextAges(before: readonly AgeRule[], days: number | null, now: Date): AgeRule[] {
  if (days === null) return [];
  const longer = before.filter((age) => age.days > days);
  const since = before
    .filter((age) => age.days <= days)
    .reduce((earliest, age) => Math.min(earliest, age.since.getTime()), now.getTime());
  return [...longer, { days, since: new Date(since) }];
}

import type { Entry } from "../entries/entry.ts";
import { accountsOf } from "../entries/alike.ts";
import { asUuid } from "../entries/storable.ts";
import { partKinds } from "../../contract/proofs/commitment.ts";
import type { BatchRow } from "../entries/batch.ts";
import {
  DAY_MS,
  type ErasurePlan,
  type HeldSpan,
  type PersonPlan,
  type RetentionPlan,
} from "./plan.ts";

/** A part of an entry; `text` is null where it was erased. */
export type Part = { kind: number; text: string | null };

/** An entry that is looked at. */
export type Looked = {
  entry: Entry;
  /** Its parts, in order. */
  parts: readonly Part[];
  class: BatchRow["class"];
  /** When it was put on record, or came into the log, whichever is later; ms. */
  sinceMs: number;
};

/** What becomes of an entry. */
export type Judged = {
  /** The parts that go; all of them where nothing of the entry stays. */
  erased: "all" | ReadonlySet<number>;
  /** It would have lost something, and is held. */
  isHeld: boolean;
  /** A person's entry that stays because it is in somebody else's log. */
  isElsewhere: boolean;
  /** When something of it ends next, ms; Infinity where this plan does not say. */
  nextMs: number;
};

const NOTHING: ReadonlySet<number> = new Set();
const kept = (nextMs: number): Judged => ({
  erased: NOTHING,
  isHeld: false,
  isElsewhere: false,
  nextMs,
});

/**
 * The one place where it is decided what goes: whatever the plan says, what is held stays.
 *
 * @param held spans of the plan, and those that were placed since.
 */
export function judgeEntry(plan: ErasurePlan, looked: Looked, held: readonly HeldSpan[]): Judged {
  const judged = plan.kind === "retention" ? byPeriod(plan, looked) : byPerson(plan, looked);
  const takesNothing = judged.erased !== "all" && judged.erased.size === 0;
  if (takesNothing || !held.some((span) => holds(span, looked))) return judged;
  // Whoever releases a hold need not tell us: it is looked at again.
  return { ...kept(Date.parse(plan.at) + DAY_MS), isHeld: true };
}

/** What of an organisation's, or of nobody's, log has ended. */
function byPeriod(
  plan: RetentionPlan,
  { entry, parts, class: entryClass, sinceMs }: Looked,
): Judged {
  const nowMs = Date.parse(plan.at);
  const periods = plan.organisations[asUuid(entry.organisationId) ?? ""] ?? plan.periods;
  const days = entryClass === "important" ? periods.importantDays : periods.routineDays;
  const endsMs = sinceMs + days * DAY_MS;
  if (endsMs <= nowMs) return { ...kept(Infinity), erased: "all" };
  const places = placesOf(parts, [partKinds.x]);
  const addressEndsMs = sinceMs + periods.addressDays * DAY_MS;
  if (places.size === 0 || addressEndsMs >= endsMs) return kept(endsMs);
  return addressEndsMs <= nowMs ? { ...kept(endsMs), erased: places } : kept(addressEndsMs);
}

/** What of an entry is about one person. */
function byPerson(plan: PersonPlan, { entry, parts, sinceMs }: Looked): Judged {
  if (!accountsOf(entry).includes(plan.account) || sinceMs >= Date.parse(plan.before))
    return kept(Infinity);
  const organisation = asUuid(entry.organisationId);
  if (organisation !== null && !plan.organisations.includes(organisation))
    return { ...kept(Infinity), isElsewhere: true };
  const isActor = asUuid(entry.actor.accountId) === plan.account;
  const own = isActor ? placesOf(parts, [partKinds.a, partKinds.x]) : new Set<number>();
  const targets = placesOf(parts, [partKinds.t]);
  const about = [...targets].filter((_, index) => isAbout(entry, index, plan.account));
  // What was before and after belongs to whom it was done to.
  const change = about.length > 0 ? placesOf(parts, [partKinds.d]) : [];
  return { ...kept(Infinity), erased: new Set([...own, ...about, ...change]) };
}

const isAbout = ({ targets = [] }: Entry, index: number, account: string): boolean =>
  asUuid(targets[index]?.accountId) === account;

/** Where parts of these kinds stand that are there. */
function placesOf(parts: readonly Part[], kinds: readonly number[]): Set<number> {
  const places = new Set<number>();
  for (const [place, { kind, text }] of parts.entries())
    if (text !== null && kinds.includes(kind)) places.add(place);
  return places;
}

function holds(span: HeldSpan, { entry, sinceMs }: Looked): boolean {
  const { organisation, account, from, to } = span;
  return (
    (organisation === null || asUuid(entry.organisationId) === organisation) &&
    (account === null || accountsOf(entry).includes(account)) &&
    (from === null || sinceMs >= Date.parse(from)) &&
    (to === null || sinceMs < Date.parse(to))
  );
}

import type { OpenServicesOptions } from "../start/open-services.ts";
import { DemoCalendar, STORY_DAYS } from "./demo-calendar.ts";
import { DemoClock } from "./demo-clock.ts";
import { DemoDice } from "./demo-dice.ts";
import { demoPeople, type DemoPersonName } from "./demo-people.ts";
import { DemoServer } from "./demo-server.ts";
import { trafficStory } from "./demo-traffic.ts";
import { DemoWorld, type DemoAct } from "./demo-world.ts";
import { companyStory } from "./story-company.ts";
import { daysStory } from "./story-days.ts";
import { keysStory } from "./story-keys.ts";
import { peopleStory } from "./story-people.ts";

/** The company is the same one each time; only its dates move. */
const SEED = 20_260_713;

/** The last acts are this old, so that a code of now was not used yet, ms. */
const QUIET_MS = 2 * 60_000;

export type FillOptions = Omit<OpenServicesOptions, "clock"> & {
  /** Aborted when the person at the keyboard has had enough. */
  signal: AbortSignal;
  /** How much of the story is told, from 0 to 1. */
  onProgress: (part: number) => void;
};

/**
 * Tells the demo's story to an empty, migrated database: some six weeks, up to now.
 *
 * @returns each person's authenticator secret, base32.
 * @throws what `signal` was aborted with; the database is half filled then.
 */
export async function fillDemo(options: FillOptions): Promise<Record<DemoPersonName, string>> {
  const calendar = new DemoCalendar(new Date());
  const clock = new DemoClock();
  clock.startAt(calendar.at(STORY_DAYS, 8));
  const server = await DemoServer.start({ ...options, clock });
  try {
    const world = new DemoWorld(server, calendar);
    await tell(world, options);
    return secretsOf(world);
  } finally {
    await server.stop();
  }
}

async function tell(world: DemoWorld, { signal, onProgress }: FillOptions): Promise<void> {
  const { calendar, server } = world;
  const acts = storyOf(world).filter(({ atMs }) => atMs < calendar.nowMs - QUIET_MS);
  const firstMs = calendar.at(STORY_DAYS, 8);
  for (const { atMs, run } of acts) {
    signal.throwIfAborted();
    server.clock.moveTo(atMs);
    await run();
    onProgress((atMs - firstMs) / (calendar.nowMs - firstMs));
  }
}

function storyOf(world: DemoWorld): DemoAct[] {
  const dice = new DemoDice(SEED);
  return [
    ...companyStory(world),
    ...peopleStory(world),
    ...keysStory(world),
    ...daysStory(world, dice),
    ...trafficStory(world, dice),
  ].toSorted((a, b) => a.atMs - b.atMs);
}

function secretsOf(world: DemoWorld): Record<DemoPersonName, string> {
  const names = Object.keys(demoPeople) as DemoPersonName[];
  const pairs = names.map((name) => [name, world.actor(name).secret] as const);
  return Object.fromEntries(pairs) as Record<DemoPersonName, string>;
}

import { atHours, isWorkday } from "./demo-calendar.ts";
import type { DemoDice } from "./demo-dice.ts";
import type { DemoAct, DemoWorld } from "./demo-world.ts";
import { GATEWAY_ADDRESS, keyName } from "./story-keys.ts";

/** When a back end is busy: with the customers, in office hours, around the clock, in the night's jobs. */
type Rhythm = "customers" | "office" | "clock" | "night";

type Line = {
  app: string;
  /** What the story calls the key. */
  key: string;
  actions: readonly [string, ...string[]];
  addresses: readonly [string, ...string[]];
  rhythm: Rhythm;
  /** Questions on a working day. */
  perDay: number;
  fromMs: number;
  untilMs: number;
};

type Question = { line: Line; action: string; address: string };

/** Questions of so many hours are asked at once. */
const SLOT_HOURS = 2 / 3;

/** Weeks of questions about keys, asked by each app's gateway: allowed and refused. */
export function trafficStory(world: DemoWorld, dice: DemoDice): DemoAct[] {
  const lines = linesOf(world);
  const acts: DemoAct[] = [];
  for (const day of world.calendar.daysSince(28))
    for (let hours = 0; hours < 24; hours += SLOT_HOURS) {
      const atMs = atHours(day, hours + dice.roll() * SLOT_HOURS);
      if (atMs > world.calendar.nowMs) break;
      const questions = lines.flatMap((line) => questionsOf(line, { atMs, day, hours }, dice));
      if (questions.length > 0) acts.push({ atMs, run: () => ask(world, questions) });
    }
  return [...acts, ...knocking(world)];
}

function linesOf(world: DemoWorld): Line[] {
  return [...shopLines(world), ...feedLines(world), ...otherLines(world)];
}

/** From the first lists of addresses on. */
const always = ({ calendar }: DemoWorld) => ({
  fromMs: calendar.at(28, 11),
  untilMs: Number.POSITIVE_INFINITY,
});

const lineOf = (app: string, account: string, key: string) => ({
  app,
  key: keyName(app, account, key),
});

function shopLines(world: DemoWorld): Line[] {
  const front = { ...lineOf("Webshop", "Shop front", "production"), ...always(world) };
  const hooks = { ...lineOf("Webshop", "Payment hooks", "live"), ...always(world) };
  const isCustomers = { rhythm: "customers" } as const;
  return [
    {
      ...front,
      ...isCustomers,
      actions: ["products:read", "products:read", "products:read", "orders:read", "orders:write"],
      addresses: ["198.18.10.10", "198.18.10.11"],
      perDay: 110,
    },
    // Its role has no exports.
    {
      ...front,
      actions: ["customers:export"],
      addresses: ["198.18.10.11"],
      rhythm: "office",
      perDay: 0.3,
    },
    {
      ...hooks,
      ...isCustomers,
      actions: ["orders:write"],
      addresses: ["198.19.20.24"],
      perDay: 45,
    },
    // The provider's second server, refused until it is on the list.
    {
      ...hooks,
      ...isCustomers,
      actions: ["orders:write"],
      addresses: ["198.19.20.25"],
      perDay: 3,
      fromMs: world.calendar.at(11, 9),
    },
  ];
}

/** The key that was rotated: one server has the new one, the other goes on with the old. */
function feedLines(world: DemoWorld): Line[] {
  const feed = { ...lineOf("Dealer portal", "Price feed", "prices"), ...always(world) };
  const asks = { actions: ["prices:read"], rhythm: "clock" } as const;
  const rotatedMs = world.calendar.at(4, 11);
  const first = { ...feed, ...asks, addresses: ["198.18.10.40"], perDay: 20 } as const;
  return [
    { ...feed, ...asks, addresses: ["198.18.10.41"], perDay: 16 },
    { ...first, untilMs: rotatedMs },
    { ...first, key: `${feed.key} new`, fromMs: rotatedMs },
  ];
}

function otherLines(world: DemoWorld): Line[] {
  const { calendar } = world;
  const stock = { ...lineOf("Webshop", "Stock sync", "warehouse"), ...always(world) };
  const exports = { actions: ["figures:export"], rhythm: "night", perDay: 8 } as const;
  const figures = { ...always(world), ...exports, addresses: ["198.18.10.60"] } as const;
  return [
    {
      ...stock,
      actions: ["products:write", "products:read"],
      addresses: ["198.18.10.20"],
      rhythm: "clock",
      perDay: 24,
    },
    // Not on the list that is only watched.
    {
      ...stock,
      actions: ["products:write"],
      addresses: ["198.19.20.77", "198.19.20.78"],
      rhythm: "office",
      perDay: 4,
      fromMs: calendar.at(14, 9),
    },
    {
      ...lineOf("Repair bookings", "Calendar sync", "workshop"),
      ...always(world),
      actions: ["bookings:read", "bookings:write"],
      addresses: ["198.18.10.30"],
      rhythm: "office",
      perDay: 28,
      fromMs: calendar.at(28, 15),
    },
    {
      ...lineOf("Sales figures", "Nightly export", "nightly"),
      ...figures,
      untilMs: calendar.at(13, 9.3),
    },
    {
      ...lineOf("Sales figures", "Nightly export", "nightly 2"),
      ...figures,
      fromMs: calendar.at(13, 10),
    },
    {
      ...lineOf("Webshop", "Partner feed", "trial"),
      ...always(world),
      actions: ["products:read"],
      addresses: ["2001:2:0:900d::15"],
      rhythm: "office",
      perDay: 6,
      fromMs: calendar.at(15, 9),
    },
  ];
}

/** Somebody tries keys from where they may not be used: one list holds, one key is dead already. */
function knocking(world: DemoWorld): DemoAct[] {
  const hooks = keyName("Webshop", "Payment hooks", "live");
  const nightly = keyName("Sales figures", "Nightly export", "nightly");
  const shop = { app: "Webshop", key: hooks, action: "orders:read" };
  const figures = { app: "Sales figures", key: nightly, action: "figures:export" };
  return [
    ...knock(world, { ...shop, address: "198.18.2.201", day: 20, hours: 3.2, times: 14 }),
    ...knock(world, { ...figures, address: "198.18.2.201", day: 13, hours: 8.9, times: 6 }),
    ...knock(world, { ...figures, address: "198.18.2.201", day: 13, hours: 9.35, times: 9 }),
    ...knock(world, { ...figures, address: "198.18.10.60", day: 13, hours: 9.6, times: 2 }),
    ...knock(world, { ...shop, address: "198.18.10.199", day: 7, hours: 13.3, times: 5 }),
    ...knock(world, { ...shop, address: "2001:2:0:bad::7", day: 3, hours: 22.4, times: 11 }),
    ...knock(world, { ...shop, address: "198.18.10.199", day: 1, hours: 19.1, times: 4 }),
  ];
}

type Knock = { app: string; key: string; action: string; address: string };

function knock(
  world: DemoWorld,
  { day, hours, times, ...given }: Knock & { day: number; hours: number; times: number },
): DemoAct[] {
  return Array.from({ length: times }, (_, nth) =>
    world.on(day, hours + nth / 90, () => askOne(world, given)),
  );
}

function questionsOf(
  line: Line,
  { atMs, day, hours }: { atMs: number; day: Date; hours: number },
  dice: DemoDice,
): Question[] {
  if (atMs < line.fromMs || atMs >= line.untilMs) return [];
  const count = dice.around(line.perDay * shareOf(line.rhythm, day, hours));
  return Array.from({ length: count }, () => ({
    line,
    action: dice.pick(line.actions),
    address: dice.pick(line.addresses),
  }));
}

/** The part of a working day's questions that comes in the time from `hours` on. */
function shareOf(rhythm: Rhythm, day: Date, hours: number): number {
  switch (rhythm) {
    case "clock":
      return SLOT_HOURS / 24;
    case "night":
      return isBetween(hours, 2, 3) ? SLOT_HOURS : 0;
    case "office":
      return isWorkday(day) && isBetween(hours, 8, 18) ? SLOT_HOURS / 10 : 0;
    case "customers":
      return wave(hours) * SLOT_HOURS * (isWorkday(day) ? 1 : 0.66);
  }
}

const isBetween = (hours: number, from: number, to: number): boolean => hours >= from && hours < to;

/** A shop's day: some before noon, most in the early evening, hardly anybody at night; its sum is about 1. */
function wave(hours: number): number {
  if (hours < 6) return 0.003;
  const bell = (middle: number, width: number) => Math.exp(-(((hours - middle) / width) ** 2));
  return (bell(18, 5) + 0.5 * bell(11, 3)) / 11;
}

async function ask(world: DemoWorld, questions: readonly Question[]): Promise<void> {
  await Promise.all(
    questions.map(({ line, action, address }) =>
      askOne(world, { app: line.app, key: line.key, action, address }),
    ),
  );
}

async function askOne(world: DemoWorld, { app, key, action, address }: Knock): Promise<void> {
  const { status, body } = await world.server.call({
    method: "POST",
    path: "/v1/decisions",
    body: { credential: world.get(key), action, appId: world.get(app), address },
    from: GATEWAY_ADDRESS,
    headers: { authorization: `Bearer ${world.get(keyName(app, "Gateway", "edge"))}` },
  });
  if (status !== 200) throw new Error(`a question was answered ${status} ${String(body?.code)}`);
}

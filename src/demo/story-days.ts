import { DAY_MS } from "./demo-calendar.ts";
import type { DemoDice } from "./demo-dice.ts";
import { demoPeople, type DemoPersonName } from "./demo-people.ts";
import type { DemoAct, DemoWorld } from "./demo-world.ts";

/** What people do on any day: sign in, look around, take things out, mistype a password. */
export function daysStory(world: DemoWorld, dice: DemoDice): DemoAct[] {
  return [...mornings(world, dice), ...exports(world), ...wrongPasswords(world), ...today(world)];
}

/** From how many working days ago somebody is there, until when, and how often they look in. */
const HABITS: readonly [DemoPersonName, from: number, until: number, chance: number][] = [
  ["anna", 28, 2, 0.45],
  ["ben", 28, 1, 0.25],
  ["clara", 27, 1, 0.2],
  ["david", 27, 1, 0.4],
  ["emma", 27, 1, 0.3],
  ["farid", 27, 1, 0.3],
  ["grace", 27, 1, 0.4],
  ["hugo", 27, 16, 0.3],
];

const PAGES = ["/v1/home", "/v1/apps", "/v1/shared-with-me", "/v1/sessions"] as const;

function mornings(world: DemoWorld, dice: DemoDice): DemoAct[] {
  return HABITS.flatMap(([name, from, until, chance]) => {
    const acts: DemoAct[] = [];
    for (let day = from; day >= until; day -= 1) {
      const [isThere, hours, page] = [
        dice.roll() < chance,
        8.2 + dice.roll() * 2.5,
        dice.pick(PAGES),
      ];
      if (!isThere) continue;
      acts.push(
        world.on(day, hours, () => world.actor(name).do("GET", "/v1/home")),
        world.on(day, hours + 0.1 + dice.roll(), () => world.actor(name).do("GET", page)),
      );
    }
    return acts;
  });
}

function exports(world: DemoWorld): DemoAct[] {
  const takeLog = (name: DemoPersonName, days: number) => async () => {
    const from = new Date(world.server.clock.now().getTime() - days * DAY_MS).toISOString();
    await world.actor(name).do("GET", `/v1/audit/export?format=csv&from=${from}`);
  };
  const filter = {
    name: "Refused by address",
    query: "outcome=refused&reason=address-not-allowed",
  };
  return [
    world.on(21, 16, takeLog("clara", 7)),
    world.on(11, 16, takeLog("clara", 14)),
    world.on(5, 11, takeLog("anna", 1)),
    world.on(1, 16, takeLog("clara", 7)),
    world.on(10, 15, () => world.actor("anna").do("POST", "/v1/audit/saved-filters", filter)),
  ];
}

function wrongPasswords(world: DemoWorld): DemoAct[] {
  const tryOne = (email: string, from: string, userAgent: string) => async () => {
    const { status } = await world.server.call({
      method: "POST",
      path: "/v1/sign-in",
      body: { email, password: "Summer2025!" },
      from,
      headers: { "user-agent": userAgent },
    });
    if (status !== 401) throw new Error(`a wrong password was answered ${status}`);
  };
  const typo = (day: number, hours: number, name: DemoPersonName) => {
    const { email, address, userAgent } = demoPeople[name];
    return world.on(day, hours, tryOne(email, address, userAgent));
  };
  const stranger = (day: number, hours: number, email: string) =>
    world.on(day, hours, tryOne(email, "198.19.20.66", "curl/8.5.0"));
  return [
    typo(24, 8.1, "grace"),
    typo(17, 8.1, "ben"),
    typo(8, 8.05, "david"),
    typo(2, 8.12, "anna"),
    ...[0, 1, 2, 3, 4, 5].map((nth) => stranger(6, 3.1 + nth / 50, demoPeople.anna.email)),
    ...[0, 1, 2].map((nth) => stranger(6, 3.3 + nth / 50, demoPeople.ben.email)),
    ...["info@example.test", "admin@example.test"].map((email, nth) =>
      stranger(6, 3.5 + nth / 50, email),
    ),
  ];
}

function today(world: DemoWorld): DemoAct[] {
  return [
    world.ago(5, () => world.actor("anna").do("GET", "/v1/home")),
    world.ago(4.6, () => world.actor("clara").do("GET", "/v1/home")),
    world.ago(2.2, () => world.actor("ben").do("GET", "/v1/home")),
    world.ago(2.1, () =>
      world.actor("ben").do("PATCH", `/v1/apps/${world.get("Dealer portal")}/roles/price-editor`, {
        permissions: ["prices:read", "prices:write", "products:read", "products:write"],
      }),
    ),
    world.ago(1.2, () =>
      world.actor("anna").do("POST", "/v1/invitations", {
        email: "liv@example.test",
        apps: [{ appId: world.get("Repair bookings"), role: "workshop" }],
      }),
    ),
  ];
}

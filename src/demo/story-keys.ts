import type { DemoPersonName } from "./demo-people.ts";
import type { DemoAct, DemoWorld } from "./demo-world.ts";

/** Where the product's own gateway asks from. */
export const GATEWAY_ADDRESS = "198.18.10.2";

/** [app, service account, its role, its key's name] */
const KEYS: readonly [app: string, account: string, role: string, key: string][] = [
  ["Webshop", "Gateway", "gateway", "edge"],
  ["Webshop", "Shop front", "editor", "production"],
  ["Webshop", "Payment hooks", "editor", "live"],
  ["Webshop", "Stock sync", "editor", "warehouse"],
  ["Repair bookings", "Gateway", "gateway", "edge"],
  ["Dealer portal", "Gateway", "gateway", "edge"],
  ["Dealer portal", "Price feed", "reporter", "prices"],
  ["Sales figures", "Gateway", "gateway", "edge"],
  ["Sales figures", "Nightly export", "exporter", "nightly"],
];

/** The name under which the story finds a key. */
export const keyName = (app: string, account: string, key: string): string =>
  `${app}/${account}/${key}`;

/** What back ends get: service accounts, keys, lists of addresses; and what becomes of them. */
export function keysStory(world: DemoWorld): DemoAct[] {
  const made = KEYS.flatMap(([app, account, role, key], index) => {
    const by = index % 3 === 2 ? "ben" : "anna";
    const hours = 13 + index / 4;
    return [
      world.on(29, hours, addServiceAccount(world, by, { app, account, role })),
      world.on(29, hours + 0.1, addKey(world, by, { app, account, key })),
    ];
  });
  return [...made, ...laterKeys(world), ...rules(world), ...incidents(world)];
}

function laterKeys(world: DemoWorld): DemoAct[] {
  const calendar = { app: "Repair bookings", account: "Calendar sync" };
  const partner = { app: "Webshop", account: "Partner feed", endsInDays: 12.3 };
  const staging = { app: "Webshop", account: "Shop front", key: "staging" };
  const priceFeed = keyName("Dealer portal", "Price feed", "prices");
  return [
    world.on(28, 14, addServiceAccount(world, "anna", { ...calendar, role: "editor" })),
    world.on(28, 14.2, addKey(world, "anna", { ...calendar, key: "workshop", endsInDays: 5.4 })),
    // Made for a test that nobody ran.
    world.on(25, 11, addKey(world, "david", staging)),
    world.on(16, 15, addServiceAccount(world, "david", { ...partner, role: "reporter" })),
    world.on(16, 15.2, addKey(world, "david", { ...partner, key: "trial" })),
    world.on(4, 10.5, async () => {
      const path = `/v1/keys/${world.get(`${priceFeed} id`)}/rotate`;
      const made = await world.actor("ben").do("POST", path, { overlapSeconds: 14 * 86_400 });
      world.keep(`${priceFeed} new`, made.key);
    }),
  ];
}

/** [day, hours, who, whose list, what it does, its entries] */
const LISTS: readonly [
  day: number,
  hours: number,
  by: DemoPersonName,
  of: ["apps" | "service-accounts", name: string],
  mode: "monitor" | "enforce",
  entries: readonly (readonly [cidr: string, note: string])[],
][] = [
  [
    28,
    10,
    "anna",
    ["service-accounts", "Webshop/Shop front"],
    "enforce",
    [
      ["198.18.10.10", "web server 1"],
      ["198.18.10.11", "web server 2"],
    ],
  ],
  [
    28,
    10.5,
    "anna",
    ["service-accounts", "Webshop/Payment hooks"],
    "enforce",
    [["198.19.20.24", "the payment provider"]],
  ],
  [27, 9.5, "ben", ["apps", "Sales figures"], "enforce", [["198.18.10.60/31", "the night's jobs"]]],
  [26, 10, "anna", ["apps", "Repair bookings"], "enforce", [["198.18.10.30", "the calendar"]]],
  [
    12,
    14,
    "david",
    ["service-accounts", "Webshop/Stock sync"],
    "monitor",
    [["198.18.10.20", "the warehouse"]],
  ],
  [10, 14, "ben", ["apps", "Dealer portal"], "monitor", [["198.18.10.40/31", "both feeds"]]],
  [
    9,
    9.5,
    "ben",
    ["service-accounts", "Webshop/Payment hooks"],
    "enforce",
    [
      ["198.19.20.24", "the payment provider"],
      ["198.19.20.25", "the payment provider's second"],
    ],
  ],
];

function rules(world: DemoWorld): DemoAct[] {
  return LISTS.map(([day, hours, by, [kind, name], mode, entries]) =>
    world.on(day, hours, () =>
      world.actor(by).do("PUT", `/v1/${kind}/${world.get(name)}/address-rules`, {
        mode,
        entries: entries.map(([cidr, note]) => ({ cidr, note })),
        confirm: true,
      }),
    ),
  );
}

/** The key that leaked: revoked as soon as it was seen, replaced the same hour. */
function incidents(world: DemoWorld): DemoAct[] {
  const nightly = { app: "Sales figures", account: "Nightly export" };
  return [
    world.on(13, 9.25, () =>
      world
        .actor("ben")
        .do("DELETE", `/v1/keys/${world.get("Sales figures/Nightly export/nightly id")}`, {
          reason: "key_compromise",
        }),
    ),
    world.on(13, 9.9, addKey(world, "ben", { ...nightly, key: "nightly 2" })),
  ];
}

type NewServiceAccount = { app: string; account: string; role: string; endsInDays?: number };

function addServiceAccount(
  world: DemoWorld,
  by: DemoPersonName,
  { app, account, role, endsInDays }: NewServiceAccount,
): () => Promise<void> {
  return async () => {
    const { id } = await world.actor(by).do("POST", `/v1/apps/${world.get(app)}/service-accounts`, {
      name: account,
      role,
      ...(endsInDays !== undefined && { expiresAt: world.calendar.inDays(endsInDays) }),
    });
    world.keep(`${app}/${account}`, id);
  };
}

type NewKey = { app: string; account: string; key: string; endsInDays?: number };

function addKey(
  world: DemoWorld,
  by: DemoPersonName,
  { app, account, key, endsInDays }: NewKey,
): () => Promise<void> {
  return async () => {
    const path = `/v1/service-accounts/${world.get(`${app}/${account}`)}/keys`;
    const made = await world.actor(by).do("POST", path, {
      name: key,
      ...(endsInDays !== undefined && { expiresAt: world.calendar.inDays(endsInDays) }),
    });
    world.keep(keyName(app, account, key), made.key);
    world.keep(`${keyName(app, account, key)} id`, made.id);
  };
}

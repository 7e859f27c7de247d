import { demoPeople, SAFARI_IPHONE } from "./demo-people.ts";
import type { DemoAct, DemoWorld } from "./demo-world.ts";
import { DemoActor } from "./demo-actor.ts";
import { invite, join, keepAccount } from "./story-company.ts";

/** Who comes, changes and goes: staff, the supplier, another organisation, the operator. */
export function peopleStory(world: DemoWorld): DemoAct[] {
  return [...staff(world), ...supplier(world), ...otherOrganisation(world), ...operator(world)];
}

/** [day, hours, who invites, whom, when they come, hours later, to what] */
const NEWCOMERS: readonly [
  day: number,
  hours: number,
  by: "anna" | "ben",
  who: "david" | "emma" | "farid" | "grace" | "hugo",
  comesAt: number,
  apps: readonly (readonly [app: string, role: string, endsInDays?: number])[],
][] = [
  [
    30,
    10,
    "anna",
    "david",
    10.25,
    [
      ["Webshop", "admin"],
      ["Repair bookings", "editor"],
    ],
  ],
  [
    30,
    10.5,
    "anna",
    "emma",
    11.5,
    [
      ["Webshop", "editor"],
      ["Dealer portal", "price-editor"],
    ],
  ],
  [30, 13, "ben", "farid", 15, [["Sales figures", "exporter"]]],
  [
    29,
    9.25,
    "anna",
    "grace",
    9.75,
    [
      ["Webshop", "support-desk"],
      ["Repair bookings", "workshop"],
      ["Dealer portal", "reporter", 3],
    ],
  ],
  [
    29,
    10,
    "anna",
    "hugo",
    11,
    [
      ["Webshop", "editor"],
      ["Sales figures", "reporter"],
    ],
  ],
];

function staff(world: DemoWorld): DemoAct[] {
  const arrivals = NEWCOMERS.flatMap(([day, hours, by, who, comesAt, apps]) => [
    world.on(day, hours, invite(world, by, demoPeople[who].email, apps)),
    world.on(day, comesAt, join(world, who)),
  ]);
  return [...arrivals, ...changesOfStaff(world), ...refusedStaff(world)];
}

function changesOfStaff(world: DemoWorld): DemoAct[] {
  const anna = world.actor("anna");
  const hugoPath = () =>
    `/v1/organisations/${world.get("Linden Cycles")}/people/${world.get("hugo")}`;
  return [
    // Nobody opens these two: one has ended, the other still waits.
    world.on(9, 11, invite(world, "anna", "mila@example.test", [["Repair bookings", "workshop"]])),
    world.on(2, 14, invite(world, "anna", "jonas@example.test", [["Webshop", "support-desk"]])),
    world.on(22, 15.5, () =>
      anna.do("PATCH", `/v1/apps/${world.get("Webshop")}/roles/support-desk`, {
        permissions: [
          "customers:read",
          "customers:write",
          "orders:read",
          "orders:write",
          "products:read",
        ],
      }),
    ),
    world.on(15, 16, async () => {
      await anna.do("GET", `${hugoPath()}/access`);
      await anna.do("POST", `${hugoPath()}/remove`, { revokeKeys: true });
    }),
    world.on(12, 9, () => world.actor("grace").replacePhone()),
    world.on(7, 8.75, () => world.actor("david").signInByRecoveryCode()),
  ];
}

function refusedStaff(world: DemoWorld): DemoAct[] {
  return [
    world.on(6, 14.25, () =>
      world.actor("emma").beRefused("DELETE", `/v1/apps/${world.get("Dealer portal")}`),
    ),
    world.on(4, 11.5, () =>
      world.actor("grace").beRefused("POST", "/v1/invitations", {
        email: "friend@example.test",
        apps: [{ appId: world.get("Webshop"), role: "reporter" }],
      }),
    ),
  ];
}

/** Ends an hour short of a week from now, so that it is among what ends soon. */
const SUPPLIER_DAYS = 7 - 1 / 24;

function supplier(world: DemoWorld): DemoAct[] {
  const { tomasz } = demoPeople;
  const look = () => world.actor("tomasz").do("GET", `/v1/apps/${world.get("Webshop")}`);
  return [
    world.on(18, 10, invite(world, "david", tomasz.email, [["Webshop", "editor", SUPPLIER_DAYS]])),
    world.on(18, 14, join(world, "tomasz")),
    ...[17, 14, 11, 8, 5, 3].map((day) => world.on(day, 10.4, look)),
    world.on(5, 15.1, () =>
      world.actor("tomasz").beRefused("GET", `/v1/apps/${world.get("Sales figures")}`),
    ),
  ];
}

function otherOrganisation(world: DemoWorld): DemoAct[] {
  const ingrid = world.actor("ingrid");
  const { anna } = demoPeople;
  const addApp = async (name: string) => {
    world.keep(name, (await ingrid.do("POST", "/v1/apps", { name })).id);
  };
  return [
    world.on(21, 9, async () => {
      await ingrid.signUp();
      const { organisations } = await ingrid.do("GET", "/v1/organisations");
      await ingrid.do("PATCH", `/v1/organisations/${organisations[0].id}`, {
        name: "Parcel Point",
      });
    }),
    world.on(21, 9.5, () => addApp("Returns")),
    world.on(21, 9.75, () => addApp("Parcel tracking")),
    world.on(20, 10, invite(world, "ingrid", anna.email, [["Returns", "exporter", 40]])),
    world.on(20, 11.25, () => world.actor("anna").acceptInvitation()),
    world.on(2, 16.5, invite(world, "ingrid", anna.email, [["Parcel tracking", "reporter"]])),
  ];
}

function operator(world: DemoWorld): DemoAct[] {
  const olga = world.actor("olga");
  const { anna, olga: person } = demoPeople;
  const reason = { "x-sallyport-reason": "Ticket 4711: cannot find the invitation" };
  return [
    world.on(28, 9, async () => {
      const { key } = await olga.do("POST", "/v1/operator/keys", {
        name: "Order desk",
        scopes: ["report"],
        addresses: [person.address],
      });
      world.keep("operator key", key);
    }),
    ...[26, 19, 13, 8, 2].map((day, index) => world.on(day, 17.2, () => report(world, index))),
    world.on(10, 10.5, async () => {
      await keepAccount(world, "olga");
      await olga.do("GET", `/v1/operator/accounts/${world.get("grace")}`, undefined, reason);
    }),
    world.on(3, 13.5, () =>
      world.actor("ben").do("POST", `/v1/apps/${world.get("Dealer portal")}/support-consents`, {
        reason: "Ticket 4802: a dealer sees no prices",
        hours: 168,
      }),
    ),
    world.on(3, 14, () =>
      olga.do("GET", `/v1/operator/entries?appId=${world.get("Dealer portal")}`),
    ),
    // The same person on a phone: a second session, beside that of the morning.
    world.ago(3, () => onPhone(world, anna.email)),
  ];
}

async function report(world: DemoWorld, index: number): Promise<void> {
  const { status } = await world.server.call({
    method: "POST",
    path: "/v1/audit/entries",
    from: demoPeople.olga.address,
    headers: { authorization: `Bearer ${world.get("operator key")}` },
    body: {
      id: `invoice-${2040 + index}`,
      action: "invoice.sent",
      actor: { name: "Order desk" },
      app: { id: world.get("Webshop") },
      targets: [{ type: "invoice", id: String(2040 + index) }],
    },
  });
  if (status !== 201) throw new Error(`the report was answered ${status}`);
}

async function onPhone(world: DemoWorld, email: string): Promise<void> {
  const anna = world.actor("anna");
  const phone = { ...anna.person, email, address: "2001:2:0:77:2::9", userAgent: SAFARI_IPHONE };
  const browser = new DemoActor(world.server, phone);
  browser.carry(anna);
  await browser.do("GET", "/v1/home");
}

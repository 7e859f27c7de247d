import type { DemoPersonName } from "./demo-people.ts";
import type { DemoAct, DemoWorld } from "./demo-world.ts";

/** What the operator's product can do in an app, in the words of its catalogue. */
const CATALOGUE = {
  "bookings:read": "See repair bookings",
  "bookings:write": "Make and move repair bookings",
  "customers:read": "See customers and their addresses",
  "customers:write": "Change customers",
  "customers:export": "Take customers out as a file",
  "figures:read": "See sales figures",
  "figures:export": "Take sales figures out as a file",
  "newsletters:send": "Send the newsletter",
  "orders:read": "See orders",
  "orders:write": "Change orders",
  "orders:export": "Take orders out as a file",
  "prices:read": "See prices",
  "prices:write": "Change prices",
  "products:read": "See products",
  "products:write": "Change products",
};

/** The first days: the operator, the company, its apps and their roles. */
export function companyStory(world: DemoWorld): DemoAct[] {
  return [...beginnings(world), ...roles(world)];
}

function beginnings(world: DemoWorld): DemoAct[] {
  const [anna, olga] = [world.actor("anna"), world.actor("olga")];
  const addApp = (owner: DemoPersonName, name: string) => async () => {
    const organisationId = world.get("Linden Cycles");
    const { id } = await world.actor(owner).do("POST", "/v1/apps", { name, organisationId });
    world.keep(name, id);
  };
  return [
    world.on(31, 8.5, async () => {
      await olga.signUp();
      await olga.do("POST", "/v1/operator/claim", { token: await world.server.claimToken() });
    }),
    world.on(31, 8.75, () =>
      olga.do("PUT", "/v1/permissions", {
        permissions: Object.entries(CATALOGUE).map(([key, description]) => ({ key, description })),
      }),
    ),
    world.on(31, 9.5, async () => {
      await anna.signUp();
      await keepAccount(world, "anna");
      const { organisations } = await anna.do("GET", "/v1/organisations");
      world.keep("Linden Cycles", organisations[0].id);
      await anna.do("PATCH", `/v1/organisations/${organisations[0].id}`, { name: "Linden Cycles" });
    }),
    world.on(31, 9.75, addApp("anna", "Webshop")),
    world.on(31, 10, addApp("anna", "Repair bookings")),
    world.on(31, 10.25, inviteMember(world, "ben", "owner")),
    world.on(31, 11, join(world, "ben")),
    world.on(31, 13, addApp("ben", "Dealer portal")),
    world.on(31, 13.25, addApp("ben", "Sales figures")),
    world.on(31, 14, inviteMember(world, "clara", "officer")),
    world.on(31, 15, join(world, "clara")),
  ];
}

/** Each app's own: name, description, permissions. */
const ROLES: readonly [app: string, name: string, description: string, permissions: string[]][] = [
  [
    "Webshop",
    "support-desk",
    "Answers customers and mends their orders",
    ["customers:read", "orders:read", "orders:write", "products:read"],
  ],
  [
    "Dealer portal",
    "price-editor",
    "Keeps the dealers' prices",
    ["prices:read", "prices:write", "products:read"],
  ],
  [
    "Repair bookings",
    "workshop",
    "Plans the day in the workshop",
    ["bookings:read", "bookings:write", "customers:read"],
  ],
];

function roles(world: DemoWorld): DemoAct[] {
  const anna = world.actor("anna");
  return ROLES.map(([app, name, description, permissions], index) =>
    world.on(30, 9 + index / 4, () =>
      anna.do("POST", `/v1/apps/${world.get(app)}/roles`, { name, description, permissions }),
    ),
  );
}

/** Invites a person to apps by their names, each with a role; the end in days from now, where there is one. */
export function invite(
  world: DemoWorld,
  by: DemoPersonName,
  email: string,
  apps: readonly (readonly [app: string, role: string, endsInDays?: number])[],
): () => Promise<unknown> {
  return () =>
    world.actor(by).do("POST", "/v1/invitations", {
      email,
      apps: apps.map(([app, role, days]) => ({
        appId: world.get(app),
        role,
        ...(days !== undefined && { expiresAt: world.calendar.inDays(days) }),
      })),
    });
}

export function join(world: DemoWorld, name: DemoPersonName): () => Promise<void> {
  return async () => {
    await world.actor(name).joinByInvitation();
    await keepAccount(world, name);
  };
}

export async function keepAccount(world: DemoWorld, name: DemoPersonName): Promise<void> {
  world.keep(name, (await world.actor(name).do("GET", "/v1/account")).id);
}

function inviteMember(world: DemoWorld, name: DemoPersonName, role: "owner" | "officer") {
  return () =>
    world.actor("anna").do("POST", `/v1/organisations/${world.get("Linden Cycles")}/people`, {
      email: world.actor(name).person.email,
      role,
    });
}

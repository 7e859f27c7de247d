import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import type { Harness, Headers } from "../harness.ts";
import { addPerson, type Person } from "./people.ts";

export type OwnedApp = { appId: string; organisationId: string; owner: Person };

let counter = 0;

/** An app, made over HTTP in the owner's only organisation; without an owner one is made. */
export async function addApp(
  h: Harness,
  given: { owner?: Person; name?: string } = {},
): Promise<OwnedApp> {
  const owner = given.owner ?? (await addPerson(h));
  const { status, body } = await h.call("POST", "/v1/apps", {
    as: owner.headers,
    body: { name: given.name ?? `Shop ${counter++}` },
  });
  if (status !== 201) throw new Error(`the app was not made: ${JSON.stringify(body)}`);
  return { appId: body.id, organisationId: body.organisation.id, owner };
}

/** A live grant, written straight into the table; without an account a person is made. */
export async function addGrant(
  h: Harness,
  given: { appId: string; role: string; person?: Person; expiresAt?: Date; grantedBy?: string },
): Promise<{ grantId: string; person: Person }> {
  const person = given.person ?? (await addPerson(h));
  const grantId = uuidv7(h.clock.now().getTime());
  await h.db
    .insertInto("access_grant")
    .values({
      id: grantId,
      account_id: person.accountId,
      app_id: given.appId,
      role: given.role,
      expires_at: given.expiresAt ?? null,
      granted_by: given.grantedBy ?? null,
      created_at: h.clock.now(),
      reached_since: h.clock.now(),
    })
    .execute();
  return { grantId, person };
}

/** A further owner or officer. */
export async function addMember(
  h: Harness,
  given: { organisationId: string; role: "owner" | "officer"; person?: Person },
): Promise<Person> {
  const person = given.person ?? (await addPerson(h));
  await h.db
    .insertInto("organisation_member")
    .values({
      organisation_id: given.organisationId,
      account_id: person.accountId,
      role: given.role,
      created_at: h.clock.now(),
    })
    .execute();
  return person;
}

/** An invitation sent over HTTP, with the token of its mail. */
export async function sendInvitation(
  h: Harness,
  given: {
    as: Headers;
    email: string;
    apps: readonly { appId: string; role: string; expiresAt?: string }[];
  },
): Promise<{ id: string; token: string }> {
  const { as, ...body } = given;
  const reply = await h.call("POST", "/v1/invitations", { as, body });
  if (reply.status !== 201) throw new Error(`not invited: ${JSON.stringify(reply.body)}`);
  return { id: reply.body.id, token: await lastToken(h, given.email) };
}

/** The token of the newest link mailed to an address. */
export async function lastToken(h: Harness, email: string): Promise<string> {
  const mails = (await h.mails()).filter(({ to }) => to === email);
  const tokens = mails.flatMap(({ text }) => /[?&]token=([\w-]+)/.exec(text)?.[1] ?? []);
  const token = tokens.at(-1);
  if (token === undefined) throw new Error(`no link was mailed to ${email}`);
  return token;
}

/** Subjects of all mails to an address, oldest first. */
export async function subjectsTo(h: Harness, email: string): Promise<string[]> {
  return (await h.mails()).filter(({ to }) => to === email).map(({ subject }) => subject);
}

/** Entries of an action, oldest first, as far as tests compare them. */
export async function entriesOf(h: Harness, action: string) {
  return (await h.entries()).filter((entry) => entry.action === action);
}

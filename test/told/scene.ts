import type { Action } from "../../src/contract/actions.ts";
import type { MailKind } from "../../src/contract/mails.ts";
import type { toldOf } from "../../src/contract/told.ts";
import type { Harness, Headers } from "../harness.ts";

/** Something that can be done, and who must then have which mail. */
export type Scene = { act: () => Promise<unknown>; tells: [kind: MailKind, to: string][] };

export type Scenes<Of extends Action> = Record<Of, readonly ((h: Harness) => Promise<Scene>)[]>;

/** Every action whose mails are promised: one without a scene does not compile. */
export type TellingAction = {
  [Name in Action]: (typeof toldOf)[Name] extends { mails: unknown } ? Name : never;
}[Action];

/** A call that must go well. */
export async function done(
  h: Harness,
  method: string,
  url: string,
  given: { as?: Headers; body?: unknown } = {},
) {
  const reply = await h.call(method, `/v1${url}`, given);
  if (reply.status >= 300) throw new Error(`${method} ${url}: ${reply.status} ${reply.text}`);
  return reply;
}

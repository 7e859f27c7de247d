import type { OperatorScope } from "../../src/context.ts";
import type { Harness, Headers } from "../harness.ts";
import { addPerson, type Person } from "./people.ts";

/** An operator with a fresh session. */
export async function addOperator(h: Harness): Promise<Person> {
  return await addPerson(h, { isOperator: true, displayName: "Olga Operator" });
}

export type OperatorKey = { id: string; text: string; headers: Headers };

/** A key of the operator's product, made through the API; it works from 127.0.0.1. */
export async function addOperatorKey(
  h: Harness,
  operator: Person,
  given: {
    scopes?: readonly OperatorScope[];
    addresses?: readonly string[];
    expiresAt?: string;
  } = {},
): Promise<OperatorKey> {
  const { status, body } = await h.call("POST", "/v1/operator/keys", {
    as: operator.headers,
    body: {
      name: "Product",
      scopes: given.scopes ?? ["provision", "report", "decide"],
      addresses: given.addresses ?? ["127.0.0.1"],
      ...(given.expiresAt !== undefined && { expiresAt: given.expiresAt }),
    },
  });
  if (status !== 201) throw new Error(`the key was not made: ${JSON.stringify(body)}`);
  return { id: body.id, text: body.key, headers: { authorization: `Bearer ${body.key}` } };
}

/** The secret of the last link that was mailed to an address. */
export async function linkToken(h: Harness, to: string): Promise<string> {
  const mail = (await h.mails()).findLast((candidate) => candidate.to === to);
  const token = /[?&]token=(\w+)/.exec(mail?.text ?? "")?.[1];
  if (token === undefined) throw new Error(`no link was mailed to ${to}`);
  return token;
}

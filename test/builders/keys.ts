import type { Harness, Headers } from "../harness.ts";
import { addApp, type OwnedApp } from "./access.ts";

export type AddedKey = { keyId: string; text: string; expiresAt: string; headers: Headers };

export type ServiceKey = OwnedApp & AddedKey & { serviceAccountId: string };

/** A service account of an app, made over HTTP by the app's owner. */
export async function addServiceAccount(
  h: Harness,
  { appId, owner }: OwnedApp,
  given: { name?: string; role?: string; expiresAt?: string } = {},
): Promise<string> {
  const { status, body } = await h.call("POST", `/v1/apps/${appId}/service-accounts`, {
    as: owner.headers,
    body: { name: "Billing", role: "editor", ...given },
  });
  if (status !== 201) throw new Error(`no service account: ${JSON.stringify(body)}`);
  return body.id;
}

/** A key of a service account, made over HTTP. */
export async function addKey(
  h: Harness,
  { owner, serviceAccountId }: Pick<ServiceKey, "owner" | "serviceAccountId">,
  given: { name?: string; expiresAt?: string } = {},
): Promise<AddedKey> {
  const { status, body } = await h.call("POST", `/v1/service-accounts/${serviceAccountId}/keys`, {
    as: owner.headers,
    body: { name: "Production", ...given },
  });
  if (status !== 201) throw new Error(`no key: ${JSON.stringify(body)}`);
  return {
    keyId: body.id,
    text: body.key,
    expiresAt: body.expiresAt,
    headers: { authorization: `Bearer ${body.key}` },
  };
}

/** An app with a service account with a key. */
export async function addServiceKey(
  h: Harness,
  given: { app?: OwnedApp; role?: string } = {},
): Promise<ServiceKey> {
  const app = given.app ?? (await addApp(h));
  const role = given.role ?? "editor";
  const serviceAccountId = await addServiceAccount(h, app, { role });
  return { ...app, serviceAccountId, ...(await addKey(h, { ...app, serviceAccountId })) };
}

/** A request that a key may make wherever it is good: the app as its service account sees it. */
export async function useKey(h: Harness, key: ServiceKey, from = "127.0.0.1") {
  return await h.call("GET", `/v1/apps/${key.appId}`, { as: key.headers, from });
}

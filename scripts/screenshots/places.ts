import type { Page } from "playwright-core";

/** Addresses in the panel, by the names that the demo's story gives things. */
export type Places = {
  app(name: string): string;
  serviceAccount(app: string, name: string): string;
  /** The key that took over from the one that was rotated. */
  newKey(app: string, serviceAccount: string): string;
};

type Named = { id: string; name: string };

/** Asks the demo for what it has; the page is that of somebody who sees it. */
export async function findPlaces(page: Page, apps: readonly string[]): Promise<Places> {
  const get = async (path: string) => await (await page.request.get(path)).json();
  const found = new Map<string, string>();
  const { owned } = (await get("/v1/apps")) as { owned: Named[] };
  for (const app of owned.filter(({ name }) => apps.includes(name))) {
    found.set(app.name, `/apps/${app.id}`);
    const { serviceAccounts } = (await get(`/v1/apps/${app.id}/service-accounts`)) as {
      serviceAccounts: Named[];
    };
    for (const account of serviceAccounts) {
      const name = `${app.name}/${account.name}`;
      found.set(name, `/apps/${app.id}/service-accounts/${account.id}`);
      const { keys } = (await get(`/v1/service-accounts/${account.id}/keys`)) as {
        keys: { id: string; rotatedFrom: string | null }[];
      };
      const successor = keys.find(({ rotatedFrom }) => rotatedFrom !== null);
      if (successor !== undefined) found.set(`${name}/new`, `/apps/${app.id}/keys/${successor.id}`);
    }
  }
  const place = (name: string): string => {
    const path = found.get(name);
    if (path === undefined) throw new Error(`the demo has no ${name}`);
    return path;
  };
  return {
    app: place,
    serviceAccount: (app, name) => place(`${app}/${name}`),
    newKey: (app, account) => place(`${app}/${account}/new`),
  };
}

import type { Page, Request } from "playwright-core";

/** What each page waits for. */
const underWay = new WeakMap<Page, Set<Request>>();

/** Follows the page's requests from now on; streams are left out, they are open as long as the page is. */
export function watchRequests(page: Page): void {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on("request", (request) => {
    if (!/\/v1\/(audit|inbox)\/stream/.test(request.url())) requests.add(request);
  });
  for (const end of ["requestfinished", "requestfailed"] as const)
    page.on(end as "requestfinished", (request) => requests.delete(request));
}

/** Requests under way, and things on the page that say that it is loading. */
export async function waitingFor(page: Page): Promise<number> {
  const loading = await page.locator('[role="status"] .mantine-Loader-root').count();
  return (underWay.get(page)?.size ?? 0) + loading;
}

import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import type { Look } from "./camera.ts";

/** The receipt of whoever was removed last, as somebody sees it who kept it and opens it from the disk. */
export async function openReceipt(page: Page, language: Look["language"]): Promise<void> {
  const get = async (path: string) => await (await page.request.get(`/v1${path}`)).json();
  const { organisations } = (await get("/organisations")) as {
    organisations: { id: string; role: string }[];
  };
  for (const { id } of organisations.filter(({ role }) => role === "owner")) {
    const path = `/organisations/${id}/removals`;
    const { removals } = (await get(path)) as { removals: { id: string }[] };
    if (removals[0] === undefined) continue;
    const receipt = `/v1${path}/${removals[0].id}/receipt?format=html&language=${language}`;
    const kept = join(await mkdtemp(join(tmpdir(), "sallyport-picture-")), "receipt.html");
    await writeFile(kept, await (await page.request.get(receipt)).text());
    await page.goto(`file://${kept}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return;
  }
  throw new Error("the demo has removed nobody");
}

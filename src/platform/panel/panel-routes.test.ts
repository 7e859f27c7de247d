import { readdirSync, readFileSync, statSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fastify from "fastify";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { servePanel } from "./panel-routes.ts";

/** Issue 3's limit for what a first visit must fetch, bytes, compressed. */
const FIRST_LOAD_BYTES = 250_000;
const FOLDER = new URL("../../../dist/panel/", import.meta.url);

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

test.each(["/", "/sign-in", "/apps/anything/keys", "/verify?token=abc"])(
  "%s is the panel's page: 200, its entry script named, and nobody's to keep",
  async (url) => {
    const { statusCode, headers, body } = await h.app.inject({ url });
    expect(statusCode).toBe(200);
    expect(body).toMatch(/<script type="module"[^>]* src="\/assets\/index-[\w-]+\.js">/);
    expect(headers["cache-control"]).toBe("no-store");
    expect(headers["referrer-policy"]).toBe("no-referrer");
    expect(await h.entries()).toEqual([]);
  },
);

test("scripts run from files of ours alone, and nobody may frame the page", async () => {
  const { headers, body } = await h.app.inject({ url: "/" });
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe-eval");
  expect(body).not.toMatch(/<script(?![^>]*\ssrc=)/);
  expect(body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
});

test("files are compressed once, kept for good, and cannot be left", async () => {
  const page = await h.app.inject({ url: "/" });
  const [, script = ""] = /src="(\/assets\/index-[\w-]+\.js)"/.exec(page.body) ?? [];
  const plain = await h.app.inject({ url: script });
  const packed = await h.app.inject({ url: script, headers: { "accept-encoding": "br, gzip" } });
  expect([packed.headers["content-encoding"], plain.headers["content-encoding"]]).toEqual([
    "br",
    undefined,
  ]);
  expect(packed.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
  expect(packed.headers["cache-control"]).toBe("public, max-age=31536000, immutable");
  for (const path of ["/assets/..%2findex.html", "/assets/../../package.json", "/assets/none.js"])
    expect((await h.app.inject({ url: path })).statusCode).toBe(404);
});

test("a panel that is built anew beside the server is what the next visitor gets, with nobody sent away between", async () => {
  const folder = await mkdtemp(join(tmpdir(), "panel-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const app = fastify();
  app.decorate("services", h.services);
  await app.register(servePanel(folder));
  const body = async () => (await app.inject({ url: "/" })).body;
  expect((await app.inject({ url: "/" })).statusCode).toBe(503);
  await writeFile(join(folder, "index.html"), "the first build");
  expect(await body()).toBe("the first build");
  await writeFile(join(folder, "index.html"), "the second build");
  expect(await body()).toBe("the second build");
  await rm(join(folder, "index.html"));
  expect(await body()).toBe("the second build");
  await app.close();
});

test("a first visit fetches at most 250 kB of script", () => {
  const html = readFileSync(new URL("index.html", FOLDER), "utf8");
  const first = [...html.matchAll(/"\/(assets\/[^"]+\.js)"/g)].map(([, file = ""]) => file);
  // What the entry fetches next, whoever comes: English, the sign-in page and what these import.
  const lazy = readdirSync(new URL("assets", FOLDER))
    .filter((name) => /^(?:en|sign-in-page|password-step)-[\w-]+\.js$/.test(name))
    .map((name) => `assets/${name}`);
  const sizes = [...new Set([...first, ...lazy])].map(
    // Every browser of the last years takes Brotli, over https and to localhost.
    (file) => statSync(new URL(`${file}.br`, FOLDER)).size,
  );
  expect(first.length).toBeGreaterThan(0);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(FIRST_LOAD_BYTES);
});

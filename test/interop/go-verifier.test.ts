import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { toBase64 } from "../../src/contract/proofs/bytes.ts";
import { parseCheckpoint } from "../../src/contract/proofs/checkpoint.ts";
import { formatVerifierKey, parseNote } from "../../src/contract/proofs/note.ts";
import { addBatches, startLog, type LogBench } from "../builders/log.ts";
import { startHarness, type Harness } from "../harness.ts";
import { freePort } from "../support/free-port.ts";

/*
 * Debian's Go and its package golang.org/x/mod know nothing of us: what they accept, any verifier of
 * transparency logs accepts.
 */

const LEAVES = 70_000;
const EARLIER = 300;
const SOURCE = fileURLToPath(new URL("./go/main.go", import.meta.url));

let h: Harness;
let log: LogBench;
let url: string;
let folder: string;
let earlier: { size: number; root: string };
beforeAll(async () => {
  const port = await freePort();
  h = await startHarness({ isFiling: false });
  log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  folder = await mkdtemp(join(tmpdir(), "sallyport-go-"));
  await h.app.listen({ port, host: "127.0.0.1" });
  url = `http://127.0.0.1:${port}/audit`;
  await addBatches(log.owner, h.services.keyRing, { count: EARLIER });
  await log.catchUp();
  const found = await checkpoint();
  earlier = { size: found.size, root: toBase64(found.root) };
  await addBatches(log.owner, h.services.keyRing, { count: LEAVES - EARLIER });
  await log.catchUp();
  await promisify(execFile)("/usr/bin/go", ["build", "-o", join(folder, "verify"), SOURCE], {
    env: {
      PATH: process.env["PATH"],
      // Without a C compiler too.
      CGO_ENABLED: "0",
      GO111MODULE: "off",
      GOPATH: "/usr/share/gocode",
      GOCACHE: join(folder, "cache"),
      GOFLAGS: "-p=1",
    },
  });
}, 240_000);
afterAll(async () => {
  await log.close();
  await h.stop();
  await rm(folder, { recursive: true });
});

async function checkpoint() {
  const reply = await fetch(`${url}/checkpoint`);
  const found = parseCheckpoint(parseNote(await reply.text())?.text ?? "");
  if (found === null) throw new Error("no checkpoint");
  return found;
}

const vkey = () => formatVerifierKey(log.services.signer.verifierKey("sec.example.test/audit/1"));

const verify = async (...args: string[]) =>
  await promisify(execFile)(join(folder, "verify"), args).then(
    ({ stdout }) => stdout.trim(),
    (error: { stderr: string }) => error.stderr.trim(),
  );

test("Go verifies checkpoint, leaves, inclusion and consistency of a log of 70,000 leaves", async () => {
  expect((await checkpoint()).size).toBeGreaterThanOrEqual(LEAVES);
  expect(await verify(url, vkey(), String(earlier.size), earlier.root)).toMatch(
    /^7\d{4} leaves, \d+ hashes from 30\d$/,
  );
});

test("and refuses another history, and another key", async () => {
  const forged = Buffer.alloc(32, 1).toString("base64");
  expect(await verify(url, vkey(), String(earlier.size), forged)).toContain("consistency");
  const other = formatVerifierKey({
    ...log.services.signer.verifierKey("sec.example.test/audit/1"),
    name: "other.example.test",
  });
  expect(await verify(url, other, String(earlier.size), earlier.root)).not.toContain("leaves,");
});

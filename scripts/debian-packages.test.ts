import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { installPackages } from "./debian-packages.ts";

let empty: string;
beforeEach(async () => {
  // No sudo to be found, whatever this machine has.
  empty = await mkdtemp(join(tmpdir(), "sallyport-path-"));
  vi.stubEnv("PATH", empty);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(empty, { recursive: true });
});

describe("whoever may not install", () => {
  it("is told the one command to type, and nothing is tried", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    await expect(installPackages(["nginx", "chromium"])).rejects.toThrow(
      "The tests need nginx chromium. Type: sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends nginx chromium'",
    );
  });

  it("is not asked where nothing is missing", async () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    await expect(installPackages([])).resolves.toBeUndefined();
  });
});

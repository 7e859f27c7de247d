import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeBundle } from "../test/builders/bundle.ts";
import { machine } from "./lab.ts";

const ENTRIES = 1_000_000;

/** Seconds that `sallyport verify` takes for bundles of a million entries: in batches as they come, and one by one. */
export async function benchVerify(_seconds: number, tell: (line: string) => void): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-verify-"));
  const path = join(folder, "large.bundle.ndjson");
  const verify = async (most: number): Promise<{ seconds: number; mb: number }> => {
    const { key, batches } = await writeBundle(path, { entries: ENTRIES, most });
    const mb = Math.round((await stat(path)).size / 1e6);
    tell(`${ENTRIES} entries in ${batches} batches, ${mb} MB`);
    const start = performance.now();
    execFileSync(process.execPath, ["cli/main.ts", "verify", path, "--key", key], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    return { seconds: Number(((performance.now() - start) / 1000).toFixed(1)), mb };
  };
  try {
    const [mixed, single] = [await verify(60), await verify(1)];
    return {
      entries: ENTRIES,
      secondsInBatches: mixed.seconds,
      mbInBatches: mixed.mb,
      secondsOneByOne: single.seconds,
      mbOneByOne: single.mb,
      machine: machine(),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

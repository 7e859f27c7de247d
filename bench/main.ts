// npm run bench -- [decisions|sign-ins|sign-in-storm|start|action-log|public-log|verify|search|storage|notices] [--json] [--seconds N] [--entries N]:
// everything, or what is named; ratios first.
import { parseArgs } from "node:util";
import { benchActionLog } from "./action-log.bench.ts";
import { benchDecisions } from "./decisions.bench.ts";
import { benchNotices } from "./notices.bench.ts";
import { benchPublicLog } from "./public-log.bench.ts";
import { benchSearch } from "./search.bench.ts";
import { benchSignInStorm } from "./sign-in-storm.bench.ts";
import { benchSignIns } from "./sign-ins.bench.ts";
import { benchStart } from "./start.bench.ts";
import { benchStorage } from "./storage.bench.ts";
import { benchVerify } from "./verify.bench.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    seconds: { type: "string", default: "5" },
    // Of search and storage: the length of the log.
    entries: { type: "string" },
  },
});

const benches: Record<
  string,
  (seconds: number, tell: (line: string) => void, entries?: number) => Promise<object>
> = {
  decisions: benchDecisions,
  "sign-ins": benchSignIns,
  "sign-in-storm": benchSignInStorm,
  start: benchStart,
  "action-log": benchActionLog,
  "public-log": benchPublicLog,
  verify: benchVerify,
  search: benchSearch,
  storage: benchStorage,
  notices: benchNotices,
};

/** With --json the last line is the result and standard error has the rest. */
const tell = (line: string): void => void process.stderr.write(`${line}\n`);

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

const names = positionals.length === 0 ? Object.keys(benches) : positionals;
for (const name of names) {
  const bench = benches[name];
  if (bench === undefined) {
    tell(`No benchmark ${name}. There are: ${Object.keys(benches).join(", ")}.`);
    process.exitCode = 64;
    break;
  }
  const result = await bench(
    Number(values.seconds),
    tell,
    values.entries === undefined ? undefined : Number(values.entries),
  );
  process.stdout.write(
    values.json ? `${JSON.stringify(result)}\n` : `${name}\n${describe(result)}\n`,
  );
}

function describe(result: object): string {
  return Object.entries(result)
    .map(([key, value]) => `  ${key.padEnd(20)} ${String(value)}`)
    .join("\n");
}

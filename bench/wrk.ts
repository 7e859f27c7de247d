import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Load = {
  url: string;
  headers: Record<string, string>;
  bodies: readonly string[];
  connections: number;
  seconds: number;
};

export type LoadResult = {
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  requests: number;
  errors: number;
};

/**
 * One thread of Debian's wrk on the second core: its cost for a request is small beside the server's,
 * so that the server is what is measured. Bodies are sent in turn.
 */
export async function runLoad({
  url,
  headers,
  bodies,
  connections,
  seconds,
}: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-load-"));
  try {
    await writeFile(join(folder, "bodies"), bodies.join("\n"));
    const script = join(folder, "load.lua");
    await writeFile(script, lua(join(folder, "bodies"), headers));
    const output = await wrk([
      "-t1",
      `-c${connections}`,
      `-d${seconds}s`,
      "--timeout",
      "10s",
      "-s",
      script,
      url,
    ]);
    const line = output.split("\n").findLast((text) => text.startsWith("{"));
    if (line === undefined) throw new Error(`wrk said nothing to read:\n${output}`);
    return JSON.parse(line) as LoadResult;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const lua = (bodies: string, headers: Record<string, string>): string => `
local requests, at = {}, 0
function init()
  local headers = {}
  ${Object.entries(headers)
    .map(([name, value]) => `headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`)
    .join("\n  ")}
  for body in io.lines(${JSON.stringify(bodies)}) do
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local errors = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.status + summary.errors.timeout
  io.write(string.format('\\n{"perSecond":%.0f,"p50Ms":%.3f,"p99Ms":%.3f,"requests":%d,"errors":%d}\\n',
    summary.requests / (summary.duration / 1e6), latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests, errors))
end
`;

function wrk(args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("taskset", ["-c", "1", "wrk", ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0
        ? resolve(output)
        : reject(
            new Error("wrk failed. Type: apt-get update && apt-get install -y wrk util-linux"),
          ),
    );
  });
}

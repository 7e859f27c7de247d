import { spawn } from "node:child_process";

export type Ended = { code: number | null; output: string; errors: string };

/** Runs one of our programs until it ends, with these settings alone. */
export function runToEnd(
  env: Record<string, string>,
  args: readonly string[] = ["src/main.ts"],
): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, output, errors })));
}

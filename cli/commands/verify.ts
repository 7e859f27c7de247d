import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { parseVerifierKey, type VerifierKey } from "../../src/contract/proofs/note.ts";
import {
  LogFault,
  verifyLog,
  type LogReport,
  type ReadFile,
} from "../../src/contract/proofs/verify-log.ts";
import type { WitnessReport } from "../../src/contract/proofs/cosignatures.ts";
import type { WitnessPolicy } from "../../src/contract/proofs/policy.ts";
import { count, progressBar } from "../progress-bar.ts";
import { proofCrypto, readKeys } from "../proof-crypto.ts";
import { readWitnesses, requireWitnesses, WITNESSES, witnessLines } from "../witness-policy.ts";
import { verifyBundleFile } from "./verify-bundle.ts";

type Options = {
  key: VerifierKey[];
  since?: string | undefined;
  earlier?: string;
  witnesses?: WitnessPolicy;
  save?: string;
  json?: boolean | undefined;
};

/** A reply takes no longer, ms. */
const PATIENCE_MS = 30_000;
/** A log that says when it may be asked again is asked then. */
const MAX_WAIT_SECONDS = 60;

/**
 * `sallyport verify`: checks a log that may be anybody's, or a bundle of its entries, without its database and
 * without trusting whoever runs it.
 */
export function verifyCommand(): Command {
  return new Command("verify")
    .description(
      "Check a public log: its signature, every leaf, and that it goes on from what you kept. Or a bundle: every entry of an export with proofs, offline",
    )
    .argument(
      "<url or file>",
      "address of the log, for example https://account.example.com/audit, or a bundle's file",
      readTarget,
    )
    .option(
      "--key <key>",
      "the log's verifier key, as you were given it; again for another",
      readKeys,
      [],
    )
    .option("--since <file>", "a checkpoint that you kept: the log must go on from it")
    .option("--earlier <file>", "the same")
    .option(WITNESSES.flags, WITNESSES.description, readWitnesses)
    .option("--save <file>", "keep the checkpoint that was verified of a log")
    .option("--json", "one line of JSON instead of text")
    .addHelpText(
      "after",
      "\nExit codes: 0 all is as it should be, 1 it is not, or can't be read, 2 a bundle is whole, but no key was given to prove it by.",
    )
    .action(async (target: URL | string, options: Options) => {
      const since = options.since ?? options.earlier;
      const { key: keys, witnesses, json } = options;
      if (typeof target === "string")
        await verifyBundleFile(target, { keys, witnesses, since, json });
      else await verifyPublicLog(target, { ...options, since });
    });
}

async function verifyPublicLog(url: URL, options: Options): Promise<void> {
  const progress = progressBar((read, size) => `${count(read)} of ${count(size)} leaves`);
  const read = fileReader(url);
  let checkpoint = new Uint8Array();
  try {
    const key = options.key[0] ?? (await keyOf(read));
    const { since } = options;
    const earlier = since === undefined ? undefined : await readFile(since, "utf8");
    const report = await verifyLog(proofCrypto, {
      read: async (path) => {
        const bytes = await read(path);
        if (path === "checkpoint") checkpoint = Uint8Array.from(bytes);
        return bytes;
      },
      key,
      earlier,
      onProgress: progress.show,
    });
    progress.clear();
    const witnessed =
      options.witnesses === undefined
        ? undefined
        : await requireWitnesses(options.witnesses, new TextDecoder().decode(checkpoint));
    if (options.save !== undefined) await writeFile(options.save, checkpoint);
    tell(report, witnessed, options);
    if (report.altered.length > 0) process.exitCode = 1;
  } catch (error) {
    progress.clear();
    process.exitCode = 1;
    tellFault(error as Error, options);
  }
}

function tell(
  report: LogReport,
  witnessed: WitnessReport | undefined,
  { json, key, since }: Options,
): void {
  if (json === true) {
    const witnesses = witnessed?.signed;
    process.stdout.write(
      `${JSON.stringify({ ok: report.altered.length === 0, ...report, witnesses })}\n`,
    );
    return;
  }
  const { origin, size, entries, altered, goesOnFrom } = report;
  const lines = [
    `${origin}: ${count(size)} leaves, ${count(entries)} entries. All leaves are those that were signed.`,
    goesOnFrom === null
      ? "Nothing was kept from earlier to compare with: keep this checkpoint (--save) and give it next time (--earlier)."
      : `It goes on from the ${count(goesOnFrom)} leaves of ${since}: none of them was changed or taken out.`,
  ];
  if (witnessed !== undefined) lines.push(...witnessLines(witnessed));
  if (key.length === 0)
    lines.push(
      "The key was read from the log itself. Get it some other way and give it with --key.",
    );
  if (altered.length > 0)
    lines.push(
      `${count(altered.length)} batches were not as they were written when they came into the log, the first at leaf ${altered[0]}.`,
    );
  process.stdout.write(`${lines.join("\n")}\n`);
}

function tellFault(error: Error, { json }: Pick<Options, "json">): void {
  const leaf = error instanceof LogFault ? error.leaf : null;
  if (json === true)
    process.stdout.write(`${JSON.stringify({ ok: false, fault: error.message, leaf })}\n`);
  else process.stderr.write(`${error.message}\n`);
}

function fileReader(url: URL): ReadFile {
  const read: ReadFile = async (path) => {
    const address = `${url.href.replace(/\/$/, "")}/${path}`;
    const reply = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(
      (error: Error) => {
        throw new Error(`${address} can't be read: ${error.message}`, { cause: error });
      },
    );
    const waitSeconds = Number(reply.headers.get("retry-after"));
    if (reply.status === 429 && waitSeconds > 0 && waitSeconds <= MAX_WAIT_SECONDS) {
      await delay(waitSeconds * 1000);
      return await read(path);
    }
    if (!reply.ok) throw new Error(`${address} answers ${reply.status}.`);
    return new Uint8Array(await reply.arrayBuffer());
  };
  return read;
}

async function keyOf(read: ReadFile): Promise<VerifierKey> {
  const text = new TextDecoder().decode(await read("key")).trim();
  const key = parseVerifierKey(proofCrypto.sha256, text);
  if (key === null) throw new Error("The log's key can't be read.");
  return key;
}

/** An address, or else a file's path. */
function readTarget(text: string): URL | string {
  if (!text.includes("://")) return text;
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? ""))
    throw new InvalidArgumentError("It must begin with https:// or http://.");
  return new URL(text);
}

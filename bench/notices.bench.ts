import { pino } from "pino";
import { SMTPServer } from "smtp-server";
import { setTimeout as delay } from "node:timers/promises";
import { readConfig } from "../src/config.ts";
import { systemContext, type Context } from "../src/context.ts";
import { uuidv7 } from "../src/platform/crypto/uuid.ts";
import { openServices } from "../src/start/open-services.ts";
import { machine, openLab, type Lab } from "./lab.ts";

const PORT = 27_795;
const NOTICES_PER_SECOND = 100;
/** After the last notice, until all must be with the mail server, ms. */
const PATIENCE_MS = 60_000;

/** From a notice's commit to the mail server's acceptance, at 100 notices per second; the goal is p99 under 3 s. */
export async function benchNotices(seconds: number, tell: (line: string) => void): Promise<object> {
  const lab = await openLab({ isPinned: false });
  const mail = await startMailServer();
  try {
    const env = { SALLYPORT_SMTP_URL: mail.url };
    const server = await lab.startSallyport(PORT, { isPinned: false, env });
    try {
      // Connections are open and the code is warm, as in a process that has run for a while.
      await load(lab, mail, 2);
      const waits = await load(lab, mail, seconds);
      tell(`${waits.length} mails`);
      const at = (share: number) => Math.round(waits[Math.floor(waits.length * share)] ?? 0);
      return {
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        slowestMs: at(1 - 1 / waits.length),
        notices: waits.length,
        machine: machine(),
      };
    } finally {
      await server.stop();
    }
  } finally {
    await mail.stop();
    await lab.stop();
  }
}

type MailServer = {
  url: string;
  /** When a mail was accepted, by the address it went to. */
  accepted: Map<string, number>;
  stop(): Promise<void>;
};

async function startMailServer(): Promise<MailServer> {
  const accepted = new Map<string, number>();
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onData(stream, { envelope }, done) {
      stream.resume();
      stream.once("end", () => {
        accepted.set(envelope.rcptTo[0]?.address ?? "", performance.now());
        done();
      });
    },
  });
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const address = smtp.server.address();
  if (address === null || typeof address === "string") throw new Error("it listens on a port");
  return {
    url: `smtp://127.0.0.1:${address.port}`,
    accepted,
    stop: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}

/** Tells people at an even pace. @returns the wait of each, ms, the shortest first. */
async function load(lab: Lab, mail: MailServer, seconds: number): Promise<number[]> {
  const open = await openServices({
    config: readConfig({
      SALLYPORT_DATABASE_URL: lab.runtimeUrl,
      SALLYPORT_ROLES: "web",
      SALLYPORT_SECRET_KEY: lab.secretKey.toString("base64"),
      SALLYPORT_SMTP_URL: mail.url,
    }),
    database: { runtimeUrl: lab.runtimeUrl, ownerUrl: lab.ownerUrl, stop: async () => {} } as never,
    processId: uuidv7(Date.now()),
    clock: { now: () => new Date(), databaseShiftMs: 0 },
    log: pino({ level: "silent" }),
  });
  const committed = new Map<string, number>();
  const ctx = systemContext(open.services, "bench");
  const start = performance.now();
  const under: Promise<void>[] = [];
  for (let index = 0; index < seconds * NOTICES_PER_SECOND; index++) {
    const dueMs = (index * 1_000) / NOTICES_PER_SECOND;
    await delay(Math.max(0, dueMs - (performance.now() - start)));
    const to = `person-${seconds}-${index}@example.test`;
    under.push(tellOne(ctx, to).then((at) => void committed.set(to, at)));
  }
  await Promise.all(under);
  const deadline = performance.now() + PATIENCE_MS;
  while ([...committed.keys()].some((to) => !mail.accepted.has(to))) {
    if (performance.now() > deadline) throw new Error("a mail did not arrive");
    await delay(20);
  }
  await open.close();
  return [...committed]
    .map(([to, at]) => Math.max(0, (mail.accepted.get(to) ?? 0) - at))
    .toSorted((one, other) => one - other);
}

async function tellOne(ctx: Context, to: string): Promise<number> {
  const recipient = { to, name: "Robin", language: "en", timeZone: null } as const;
  await ctx.db.transaction().execute((tx) =>
    ctx.ports.notify(tx, ctx, {
      mail: { kind: "factor-enrolled", values: {}, lines: ["what"] },
      recipients: [recipient],
    }),
  );
  return performance.now();
}

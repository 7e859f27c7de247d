// A worker of streams alone, as a process that can be killed, or stopped by closing its input:
// `node stream-process.ts <runtime's database> <owner's database> <secret key>`.
import { pino } from "pino";
import { readConfig } from "../../src/config.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import { startStreaming } from "../../src/record/streams/streamer.ts";
import { openServices } from "../../src/start/open-services.ts";

const [runtimeUrl = "", ownerUrl = "", secret = ""] = process.argv.slice(2);

const open = await openServices({
  config: readConfig({
    SALLYPORT_DATABASE_URL: runtimeUrl,
    SALLYPORT_SECRET_KEY: secret,
    SALLYPORT_ROLES: "worker",
    SALLYPORT_OUTBOUND_ALLOW: "127.0.0.0/8,::1/128",
  }),
  database: { runtimeUrl, ownerUrl, stop: async () => {} } as never,
  processId: uuidv7(Date.now()),
  clock: { now: () => new Date(), databaseShiftMs: 0 },
  log: pino({ level: "silent" }),
});
const stop = startStreaming(open.services);
process.stdin.resume();
process.stdin.once("end", () => {
  void stop()
    .then(() => open.close())
    .then(() => process.exit(0));
});

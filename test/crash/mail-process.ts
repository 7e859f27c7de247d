// A worker that sends mails and nothing else, as a process that can be killed, or stopped by closing its input:
// `node mail-process.ts <runtime's database> <owner's database> <secret key> <mail server>`.
import { pino } from "pino";
import { readConfig } from "../../src/config.ts";
import { uuidv7 } from "../../src/platform/crypto/uuid.ts";
import { startWorker } from "../../src/platform/jobs/start-worker.ts";
import { sendMailJob } from "../../src/platform/mail/send-mail.job.ts";
import { openServices } from "../../src/start/open-services.ts";

const [runtimeUrl = "", ownerUrl = "", secret = "", smtpUrl = ""] = process.argv.slice(2);

const processId = uuidv7(Date.now());
const open = await openServices({
  config: readConfig({
    SALLYPORT_DATABASE_URL: runtimeUrl,
    SALLYPORT_SECRET_KEY: secret,
    SALLYPORT_ROLES: "worker",
    SALLYPORT_SMTP_URL: smtpUrl,
  }),
  database: { runtimeUrl, ownerUrl, stop: async () => {} } as never,
  processId,
  clock: { now: () => new Date(), databaseShiftMs: 0 },
  log: pino({ level: "silent" }),
});
const mail = sendMailJob(open.services.config);
const worker = await startWorker({
  ownerUrl,
  processId,
  jobs: [mail.job],
  services: open.services,
});
process.stdin.resume();
process.stdin.once("end", () => {
  void worker
    .stop()
    .then(() => mail.close())
    .then(() => open.close())
    .then(() => process.exit(0));
});

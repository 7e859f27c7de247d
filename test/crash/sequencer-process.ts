// A sequencer alone, as a process that can be killed: `node sequencer-process.ts <database> <key file> <anchor>`.
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { createKeyRing } from "../../src/platform/crypto/key-ring.ts";
import { openDatabase } from "../../src/platform/db/db.ts";
import { folderAnchor } from "../../src/record/anchor/anchor.ts";
import { openLogKey } from "../../src/record/sequencer/log-key.ts";
import { Sequencer } from "../../src/record/sequencer/sequencer.ts";

const [databaseUrl = "", keyFile = "", anchor = "", secret = ""] = process.argv.slice(2);

const { db } = openDatabase(databaseUrl, () => {}, { max: 2 });
new Sequencer({
  db,
  keyRing: createKeyRing({
    current: secret === "" ? randomBytes(32) : Buffer.from(secret, "base64"),
    previous: [],
  }),
  log: pino({ level: "silent" }),
  prefix: "sec.example.test/audit",
  signer: await openLogKey(keyFile, () => Promise.resolve(true)),
  anchor: folderAnchor(anchor),
  needsWitnesses: false,
}).start();
// Its timers do not keep a process alive; the killer ends it.
process.stdin.resume();

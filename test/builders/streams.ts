import type { LogStream, NewStreamTarget } from "../../src/contract/record/streams.ts";
import { Outbound } from "../../src/platform/outbound/outbound.ts";
import type { SendingServices } from "../../src/record/streams/send-parcel.ts";
import { streamRound } from "../../src/record/streams/stream-round.ts";
import { startHarness, type Harness, type HarnessOptions, type Headers } from "../harness.ts";
import {
  receiverAuthority,
  type HttpsReceiver,
  type SyslogReceiver,
} from "../support/receivers.ts";
import { S3_KEY, type S3Receiver } from "../support/s3-receiver.ts";
import { startLog, type LogBench } from "./log.ts";

/** Receivers of tests stand on this machine. */
export const ALLOW_LOOPBACK = { SALLYPORT_OUTBOUND_ALLOW: "127.0.0.0/8,::1/128" };

export type StreamBench = {
  h: Harness;
  log: LogBench;
  sending: SendingServices;
  /** All that is on record comes into the log; then all that is due is sent. */
  send(): Promise<void>;
  stop(): Promise<void>;
};

/** A harness with a sequencer and a worker of streams, both moved by hand. */
export async function startStreams(options: HarnessOptions = {}): Promise<StreamBench> {
  const h = await startHarness({ isFiling: false, env: ALLOW_LOOPBACK, ...options });
  const log = await startLog(h.database.ownerUrl, { keyRing: h.services.keyRing });
  await log.catchUp();
  const sending = sendingOf(h);
  return {
    h,
    log,
    sending,
    send: async () => {
      await log.catchUp();
      await streamRound(sending);
    },
    stop: async () => {
      await log.close();
      await h.stop();
    },
  };
}

export const sendingOf = (h: Harness): SendingServices => ({
  ...h.services,
  outbound: new Outbound(h.services.config.outboundAllow),
  random: () => 0.5,
  stopping: new AbortController().signal,
});

const { ca } = receiverAuthority;

export const httpsTarget = ({ url }: HttpsReceiver): NewStreamTarget => ({ https: { url, ca } });

export const syslogTarget = ({ port }: SyslogReceiver): NewStreamTarget => ({
  syslog: { host: "localhost", port, ca },
});

export const s3Target = ({ endpoint }: S3Receiver): NewStreamTarget => ({
  s3: {
    endpoint,
    region: "eu-west-1",
    bucket: "audit-log",
    prefix: "sallyport/",
    pathStyle: true,
    everySeconds: 60,
    ca,
    ...S3_KEY,
  },
});

/** A stream made over HTTP: of an organisation, or, without one, the operator's. */
export async function addStream(
  h: Harness,
  given: {
    as: Headers;
    organisationId?: string;
    target: NewStreamTarget;
    covers?: "important" | "everything";
    format?: "entry" | "ocsf" | "cef";
  },
): Promise<{ stream: LogStream; secret: string; path: string }> {
  const { as, organisationId, target, covers = "important", format = "entry" } = given;
  const path = organisationId === undefined ? "/v1/operator/log-streams" : "/v1/log-streams";
  const reply = await h.call("POST", path, {
    as,
    body: { organisationId, name: "SIEM", covers, format, alarmAfterMinutes: 10, target },
  });
  if (reply.status !== 201) throw new Error(`the stream was not made: ${reply.text}`);
  return { ...reply.body, path: `${path}/${reply.body.stream.id}` };
}

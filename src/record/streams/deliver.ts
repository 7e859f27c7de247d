import type { StreamKind } from "../../contract/record/streams.ts";
import { deliverHttps, testHttps } from "./deliver-https.ts";
import { deliverS3, testS3 } from "./deliver-s3.ts";
import { deliverSyslog, testSyslog } from "./deliver-syslog.ts";
import type { Deliver } from "./delivery.ts";

/** How each kind sends a parcel. */
export const deliveries: Readonly<Record<StreamKind, Deliver>> = {
  https: deliverHttps,
  syslog: deliverSyslog,
  s3: deliverS3,
};

/** How each kind is tried out, without an entry. */
export const tests: Readonly<Record<StreamKind, Deliver>> = {
  https: testHttps,
  syslog: testSyslog,
  s3: testS3,
};

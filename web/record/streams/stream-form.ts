import type { LogStream, NewLogStream } from "./stream-api.ts";

/** What the form holds: all kinds' fields, so that a change of mind loses nothing. */
export type StreamValues = {
  name: string;
  covers: LogStream["covers"];
  format: LogStream["format"];
  alarmAfterMinutes: number | string;
  kind: LogStream["kind"];
  start: "now" | "beginning";
  target: {
    https: { url: string; ca: string };
    syslog: {
      host: string;
      port: number | string;
      ca: string;
      clientCertificate: string;
      clientKey: string;
    };
    s3: {
      endpoint: string;
      region: string;
      bucket: string;
      prefix: string;
      pathStyle: boolean;
      accessKeyId: string;
      secretAccessKey: string;
      everySeconds: number | string;
      ca: string;
    };
  };
};

const empty: StreamValues["target"] = {
  https: { url: "", ca: "" },
  syslog: { host: "", port: 6514, ca: "", clientCertificate: "", clientKey: "" },
  s3: {
    endpoint: "",
    region: "us-east-1",
    bucket: "",
    prefix: "sallyport/",
    pathStyle: false,
    accessKeyId: "",
    secretAccessKey: "",
    everySeconds: 300,
    ca: "",
  },
};

export const newStream: StreamValues = {
  name: "",
  covers: "important",
  format: "entry",
  alarmAfterMinutes: 10,
  kind: "https",
  start: "now",
  target: empty,
};

/** A stream as the form shows it; what lets it in there is not told, and stays unless it is typed anew. */
export const valuesOf = ({ target, ...stream }: LogStream): StreamValues => ({
  name: stream.name,
  covers: stream.covers,
  format: stream.format,
  alarmAfterMinutes: stream.alarmAfterMinutes,
  kind: stream.kind,
  start: "now",
  target: {
    https: { ...empty.https, ...target.https },
    syslog: { ...empty.syslog, ...target.syslog },
    s3: { ...empty.s3, ...target.s3 },
  },
});

/** What is sent of them: empty fields are left out. */
export function bodyOf({
  kind,
  start: _start,
  alarmAfterMinutes,
  target: { https, syslog, s3 },
  ...settings
}: StreamValues): Omit<NewLogStream, "organisationId" | "start"> {
  const targets: Record<LogStream["kind"], NewLogStream["target"]> = {
    https: { https: { url: https.url, ...given("ca", https.ca) } },
    syslog: {
      syslog: {
        host: syslog.host,
        port: Number(syslog.port),
        ...given("ca", syslog.ca),
        ...given("clientCertificate", syslog.clientCertificate),
        ...given("clientKey", syslog.clientKey),
      },
    },
    s3: {
      s3: {
        endpoint: s3.endpoint,
        region: s3.region,
        bucket: s3.bucket,
        prefix: s3.prefix,
        pathStyle: s3.pathStyle,
        accessKeyId: s3.accessKeyId,
        everySeconds: Number(s3.everySeconds),
        ...given("secretAccessKey", s3.secretAccessKey),
        ...given("ca", s3.ca),
      },
    },
  };
  return { ...settings, alarmAfterMinutes: Number(alarmAfterMinutes), target: targets[kind] };
}

const given = <Name extends string>(name: Name, text: string): { [Key in Name]?: string } =>
  text.trim() === "" ? {} : ({ [name]: text } as { [Key in Name]: string });

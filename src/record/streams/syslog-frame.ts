import type { RenderedEntry } from "./render-entry.ts";
import type { Sending } from "./delivery.ts";

/** RFC 5424 §6.2.1: log audit. */
const FACILITY = 13;
const SEVERITY = { error: 3, warning: 4, notice: 5, informational: 6 } as const;

/** Without an enterprise number of our own: the one that is kept for examples (RFC 5612 §2). */
const ENTERPRISE = "32473";

/** RFC 5424 §6.4: tells that a message is UTF-8. */
const BYTE_ORDER_MARK = "\uFEFF";
/** RFC 5424 §6.2.7. */
const MAX_MSGID = 32;
/** RFC 5424 §6.2.4. */
const MAX_HOSTNAME = 255;

/** An entry as a message of syslog (RFC 5424), with the octet count before it (RFC 5425 §4.3). */
export function syslogFrame({ format, hostName, streamId }: Sending, entry: RenderedEntry): Buffer {
  const { epoch, leaf, position } = entry.place;
  const data = [
    ["stream", streamId],
    ["entryId", entry.id],
    ["epoch", epoch],
    ["leaf", leaf],
    ["position", position],
  ]
    .map(([name, value]) => `${name}="${inData(String(value))}"`)
    .join(" ");
  return frame({
    severity: severityOf(entry),
    at: new Date(entry.atMs),
    hostName,
    messageId: entry.action,
    data: `[sallyport@${ENTERPRISE} ${data}]`,
    message: format === "cef" ? marked(entry.text) : inAscii(entry.text),
  });
}

/** A message that says nothing but that it is one. */
export const syslogTest = ({ now, hostName, streamId }: Sending): Buffer =>
  frame({
    severity: SEVERITY.informational,
    at: now,
    hostName,
    messageId: "log.test",
    data: `[sallyport@${ENTERPRISE} stream="${streamId}"]`,
    message: "Sallyport tests this stream",
  });

type Framed = {
  severity: number;
  at: Date;
  hostName: string;
  messageId: string;
  data: string;
  message: string;
};

function frame({ severity, at, hostName, messageId, data, message }: Framed): Buffer {
  const priority = FACILITY * 8 + severity;
  const head = [
    `<${priority}>1`,
    at.toISOString(),
    printable(hostName, MAX_HOSTNAME),
    "sallyport",
    "-",
    printable(messageId, MAX_MSGID),
    data,
  ];
  const body = Buffer.from(`${head.join(" ")} ${message}`, "utf8");
  return Buffer.concat([Buffer.from(`${body.length} `, "latin1"), body]);
}

function severityOf({ outcome, class: kind }: RenderedEntry): number {
  if (outcome === "failed") return SEVERITY.error;
  if (outcome === "refused") return SEVERITY.warning;
  return kind === "important" ? SEVERITY.notice : SEVERITY.informational;
}

/** RFC 5424 §6: PRINTUSASCII, or a dash for nothing. */
const printable = (text: string, max: number): string =>
  text.replaceAll(/[^\x21-\x7e]/g, "").slice(0, max) || "-";

/** RFC 5424 §6.3.3. */
const inData = (text: string): string => text.replaceAll(/["\\\]]/g, String.raw`\$&`);

/** JSON says the same in ASCII, and collectors that take a mark for a part of it are many. */
const inAscii = (json: string): string =>
  json.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => String.raw`\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

const marked = (text: string): string =>
  /[\u0080-\uffff]/.test(text) ? BYTE_ORDER_MARK + text : text;

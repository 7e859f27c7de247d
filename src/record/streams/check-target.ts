import { X509Certificate, createPrivateKey } from "node:crypto";
import type { NewStreamTarget, StreamFormat } from "../../contract/record/streams.ts";
import type { Fault } from "../../contract/failures.ts";
import type { Context } from "../../context.ts";
import { failureAt } from "../../failures.ts";
import { Outbound } from "../../platform/outbound/outbound.ts";
import { ProblemError } from "../../problem-error.ts";

/** A look at DNS; a name that takes longer is judged when something is sent, ms. */
const LOOK_MS = 3_000;

type Found = { pointer: string; fault: Fault };

/** @throws {ProblemError} `invalid-request` naming everything that is wrong, and a host that we may not call. */
export async function requireGoodTarget(
  { config }: Pick<Context, "config">,
  target: NewStreamTarget,
): Promise<void> {
  const found = faultsOf(target);
  const hostAt = found.length === 0 ? hostOf(target) : null;
  if (hostAt !== null && (await new Outbound(config.outboundAllow).isRefused(hostAt.host, LOOK_MS)))
    found.push({ pointer: hostAt.pointer, fault: { code: "host-not-public" } });
  if (found.length > 0)
    throw new ProblemError("invalid-request", {
      errors: found.map(({ pointer, fault }) => failureAt(pointer, fault)),
    });
}

/** What fits together. @throws {ProblemError} `invalid-request` */
export function requireFittingSettings({
  target,
  format,
  alarmAfterMinutes,
}: {
  target: Pick<NewStreamTarget, "https" | "syslog" | "s3">;
  format: StreamFormat;
  alarmAfterMinutes: number;
}): void {
  const errors = [];
  if (format === "cef" && target.syslog === undefined)
    errors.push(failureAt("/format", { code: "cef-for-syslog" }));
  // An object that fills for an hour is no reason to be told after ten minutes.
  const least = target.s3 === undefined ? 1 : Math.ceil(target.s3.everySeconds / 60) + 1;
  if (alarmAfterMinutes < least)
    errors.push(
      failureAt("/alarmAfterMinutes", { code: "whole-number-from", params: { min: least } }),
    );
  if (errors.length > 0) throw new ProblemError("invalid-request", { errors });
}

function faultsOf({ https, syslog, s3 }: NewStreamTarget): Found[] {
  const found: Found[] = [];
  const check = (pointer: string, fault: Fault, isGood: boolean): void => {
    if (!isGood) found.push({ pointer, fault });
  };
  if (https !== undefined)
    check("/target/https/url", { code: "https-address" }, isHttps(https.url));
  if (s3 !== undefined) {
    check("/target/s3/endpoint", { code: "https-address" }, isOrigin(s3.endpoint));
  }
  if (syslog !== undefined) {
    const { clientCertificate: cert, clientKey: key } = syslog;
    check("/target/syslog/host", { code: "host-name" }, hostUrl(syslog.host) !== null);
    check("/target/syslog/clientCertificate", { code: "pem" }, cert === undefined || isCert(cert));
    check("/target/syslog/clientKey", { code: "pem" }, key === undefined || isKey(key));
  }
  for (const [kind, given] of Object.entries({ https, syslog, s3 }))
    if (given?.ca !== undefined) check(`/target/${kind}/ca`, { code: "pem" }, isCert(given.ca));
  return found;
}

function hostOf({ https, syslog, s3 }: NewStreamTarget): { host: string; pointer: string } | null {
  if (https !== undefined)
    return { host: new URL(https.url).hostname, pointer: "/target/https/url" };
  if (s3 !== undefined)
    return { host: new URL(s3.endpoint).hostname, pointer: "/target/s3/endpoint" };
  return syslog === undefined ? null : { host: syslog.host, pointer: "/target/syslog/host" };
}

/** Of user and password nothing would be sent; a fragment is never. */
function isHttps(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === "https:" && url.username + url.password + url.hash === "";
}

function isOrigin(text: string): boolean {
  const url = URL.parse(text);
  return isHttps(text) && url?.pathname === "/" && url.search === "";
}

const hostUrl = (host: string): URL | null =>
  URL.parse(`https://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`);

function isCert(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== "";
  } catch {
    return false;
  }
}

function isKey(text: string): boolean {
  try {
    return createPrivateKey(text).type === "private";
  } catch {
    return false;
  }
}

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import {
  asCidrs,
  asDomain,
  asFolderOrBucket,
  asListenAddress,
  asMailSender,
  asMetricsToken,
  asNumber,
  asOrigin,
  asPort,
  asPostgresUrl,
  asRoles,
  asSecret,
  asSmtpUrl,
  asText,
  asWebUrl,
  listOf,
  MAKE_SECRET,
  oneOf,
  optional,
  type MailSender,
  type Parse,
  type ProcessRole,
} from "./config-values.ts";
import { ruleBounds } from "./contract/identity/password-rules.ts";
import { settings, type SettingName } from "./contract/platform/settings.ts";
import { isPlainAddress } from "./platform/mail/plain-address.ts";

const { idleMinutes: idle } = ruleBounds;

export type Config = Readonly<{
  port: number;
  host: string;
  publicUrl: URL;
  /** The domain that passkeys are bound to (WebAuthn's RP ID): the public host, or a domain above it. */
  rpId: string;
  /** undefined: Sallyport runs its own PostgreSQL. */
  databaseUrl: string | undefined;
  migrationDatabaseUrl: string | undefined;
  dataDir: string;
  /** 32 bytes; undefined: made in the data directory at the first start (embedded database only). */
  secretKey: Buffer | undefined;
  previousSecretKeys: readonly Buffer[];
  /** undefined: mail stays in the sandbox. */
  smtpUrl: string | undefined;
  mailFrom: MailSender;
  /** How long a sign-in lasts at most. */
  sessionHours: number;
  /** After how long without use it ends; undefined: only as organisations ask. */
  sessionIdleMinutes: number | undefined;
  signUp: "open" | "invited";
  /** How long a reset of second factors waits. */
  recoveryWaitHours: number;
  trustedProxies: readonly string[];
  forwardedHeader: "x-forwarded-for" | "forwarded" | null;
  supportUrl: string | undefined;
  metricsToken: string | undefined;
  /** Private networks that calls may reach whose target a user chose. */
  outboundAllow: readonly string[];
  roles: readonly ProcessRole[];
  /** The log's signing key, for the sequencer. */
  logKeyFile: string;
  /** What remembers what was signed. */
  anchor: AnchorPlace;
  /** File that names the log's witnesses; none: nobody is asked. */
  witnessPolicy: string | undefined;
  /** The public URL is on this machine: the sandbox answers, http is good enough. */
  isLoopback: boolean;
}>;

export type AnchorPlace =
  | { folder: string }
  | { url: URL; region: string; accessKeyId: string; secretAccessKey: string };

/** All that is wrong with the settings, each with the command or value that makes it right. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(
      `${faults.length === 1 ? "One setting is" : `${faults.length} settings are`} not right:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`,
    );
    this.faults = faults;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of contract/platform/settings.ts. A pure function of `env`, but for `…_FILE`,
 * whose file it reads.
 *
 * @throws {ConfigError} naming every fault at once, and whatever would be unsafe.
 */
export function readConfig(env: Environment): Config {
  const faults: string[] = unknownSettings(env);
  const read = reader(env, faults);
  const port = read("SALLYPORT_PORT", asPort);
  const publicUrl =
    read("SALLYPORT_PUBLIC_URL", optional(asOrigin)) ?? new URL(`http://localhost:${port}`);
  const isLoopback = isLoopbackHost(publicUrl.hostname);
  const smtpUrl = read("SALLYPORT_SMTP_URL", optional(asSmtpUrl));
  const forwardedHeader = read(
    "SALLYPORT_FORWARDED_HEADER",
    optional(oneOf(["x-forwarded-for", "forwarded"])),
  );
  const dataDir = resolve(read("SALLYPORT_DATA_DIR", asText));
  const logKeyFile = read("SALLYPORT_LOG_KEY_FILE", optional(asText));
  const anchor = read("SALLYPORT_ANCHOR", optional(asFolderOrBucket));
  const config: Config = {
    port,
    host: read("SALLYPORT_HOST", asListenAddress),
    publicUrl,
    rpId: read("SALLYPORT_RP_ID", optional(asDomain)) ?? publicUrl.hostname,
    databaseUrl: read("SALLYPORT_DATABASE_URL", optional(asPostgresUrl)),
    migrationDatabaseUrl: read("SALLYPORT_MIGRATION_DATABASE_URL", optional(asPostgresUrl)),
    dataDir,
    secretKey: read("SALLYPORT_SECRET_KEY", optional(asSecret)),
    previousSecretKeys: read("SALLYPORT_SECRET_KEY_PREVIOUS", listOf(asSecret)),
    smtpUrl,
    mailFrom:
      read("SALLYPORT_MAIL_FROM", optional(asMailSender)) ??
      usualSender(smtpUrl, isLoopback ? "localhost" : publicUrl.hostname),
    sessionHours: read("SALLYPORT_SESSION_HOURS", asNumber(1, 168)),
    sessionIdleMinutes: read(
      "SALLYPORT_SESSION_IDLE_MINUTES",
      optional(asNumber(idle.min, idle.max)),
    ),
    signUp: read("SALLYPORT_SIGN_UP", oneOf(["open", "invited"])),
    recoveryWaitHours: read("SALLYPORT_RECOVERY_WAIT_HOURS", asNumber(72, 720)),
    trustedProxies: read("SALLYPORT_TRUSTED_PROXIES", asCidrs),
    forwardedHeader: forwardedHeader ?? null,
    supportUrl: read("SALLYPORT_SUPPORT_URL", optional(asWebUrl)),
    metricsToken: read("SALLYPORT_METRICS_TOKEN", optional(asMetricsToken)),
    outboundAllow: read("SALLYPORT_OUTBOUND_ALLOW", asCidrs),
    roles: read("SALLYPORT_ROLES", asRoles),
    logKeyFile: resolve(logKeyFile ?? join(dataDir, "log.key")),
    anchor:
      anchor instanceof URL
        ? {
            url: anchor,
            region: read("SALLYPORT_ANCHOR_REGION", asText),
            accessKeyId: read("SALLYPORT_ANCHOR_ACCESS_KEY_ID", asText),
            secretAccessKey: read("SALLYPORT_ANCHOR_SECRET_ACCESS_KEY", asText),
          }
        : { folder: resolve(anchor ?? join(dataDir, "anchor")) },
    witnessPolicy: read("SALLYPORT_WITNESS_POLICY", optional(asText)),
    isLoopback,
  };
  faults.push(...unsafe(config, faults), ...bucketFaults(config.anchor, faults));
  faults.push(...sequencerFaults(config, { logKeyFile, anchor }));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config);
}

/** What is well-formed, each by itself, and together unsafe or useless. */
function unsafe(config: Config, faults: readonly string[]): string[] {
  // What could not be read is no "none": it is complained about once, for what it is.
  const isFaulty = (name: SettingName): boolean =>
    faults.some((fault) => fault.startsWith(`${name}:`));
  const isUnset = (value: unknown, name: SettingName): boolean =>
    value === undefined && !isFaulty(name);
  const rules: readonly [isBroken: boolean, fault: string][] = [
    [
      !config.isLoopback && config.publicUrl.protocol !== "https:",
      "SALLYPORT_PUBLIC_URL: an address that is not this machine's must begin with https://, or cookies and codes could be read on the way",
    ],
    [
      !isAtOrBelow(config.publicUrl.hostname, config.rpId) &&
        !isFaulty("SALLYPORT_RP_ID") &&
        !isFaulty("SALLYPORT_PUBLIC_URL"),
      `SALLYPORT_RP_ID: is the host of SALLYPORT_PUBLIC_URL or a domain above it, or no browser would use a passkey; for example ${config.publicUrl.hostname}`,
    ],
    [
      !config.isLoopback && isUnset(config.smtpUrl, "SALLYPORT_SMTP_URL"),
      "SALLYPORT_SMTP_URL: needed once SALLYPORT_PUBLIC_URL is not this machine's, or nobody gets their mail; for example smtps://user:password@mail.example.com:465",
    ],
    [
      config.databaseUrl !== undefined && isUnset(config.secretKey, "SALLYPORT_SECRET_KEY"),
      `SALLYPORT_SECRET_KEY: needed with SALLYPORT_DATABASE_URL, the same in every process; ${MAKE_SECRET}`,
    ],
    [
      config.migrationDatabaseUrl !== undefined &&
        isUnset(config.databaseUrl, "SALLYPORT_DATABASE_URL"),
      "SALLYPORT_DATABASE_URL: needed with SALLYPORT_MIGRATION_DATABASE_URL; for example postgres://sallyport@db.example.com/sallyport",
    ],
    [
      config.forwardedHeader !== null && config.trustedProxies.length === 0,
      "SALLYPORT_TRUSTED_PROXIES: needed with SALLYPORT_FORWARDED_HEADER; name the proxy's address, for example 127.0.0.1/32",
    ],
  ];
  return rules.filter(([isBroken]) => isBroken).map(([, fault]) => fault);
}

const isAtOrBelow = (host: string, domain: string): boolean =>
  host === domain || host.endsWith(`.${domain}`);

/** With a database that others share, each data folder would have a key and a memory of its own. */
function sequencerFaults(
  { databaseUrl, roles }: Config,
  { logKeyFile, anchor }: { logKeyFile: string | undefined; anchor: string | URL | undefined },
): string[] {
  if (databaseUrl === undefined || !roles.includes("sequencer")) return [];
  const why =
    "needed with SALLYPORT_DATABASE_URL where the sequencer runs, the same for every process that runs it; elsewhere leave it out of SALLYPORT_ROLES (web,worker)";
  return [
    ...(logKeyFile === undefined
      ? [`SALLYPORT_LOG_KEY_FILE: ${why}; for example /var/lib/sallyport/log.key`]
      : []),
    ...(anchor === undefined
      ? [`SALLYPORT_ANCHOR: ${why}; for example /var/lib/sallyport-anchor`]
      : []),
  ];
}

function bucketFaults(anchor: AnchorPlace, faults: readonly string[]): string[] {
  if ("folder" in anchor) return [];
  const keys = [
    ["SALLYPORT_ANCHOR_ACCESS_KEY_ID", anchor.accessKeyId],
    ["SALLYPORT_ANCHOR_SECRET_ACCESS_KEY", anchor.secretAccessKey],
  ] as const;
  return keys
    .filter(
      ([name, value]) => value === "" && !faults.some((fault) => fault.startsWith(`${name}:`)),
    )
    .map(([name]) => `${name}: needed where SALLYPORT_ANCHOR is a bucket`);
}

/** The user of the mail server where that is an address: most servers accept no other sender. */
function usualSender(smtpUrl: string | undefined, publicHost: string): MailSender {
  const user = smtpUrl === undefined ? "" : decodeUser(new URL(smtpUrl).username);
  return { name: "", address: isPlainAddress(user) ? user : `no-reply@${publicHost}` };
}

function decodeUser(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function unknownSettings(env: Environment): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith("SALLYPORT_") && !name.startsWith("SALLYPORT_TEST_"))
    .filter((name) => !isKnown(name))
    .map((name) => `${name}: no such setting; the settings are in docs/settings.md`);
}

function isKnown(name: string): boolean {
  if (Object.hasOwn(settings, name)) return true;
  const plain = name.replace(/_FILE$/, "");
  return Object.hasOwn(settings, plain) && settings[plain as SettingName].isSecret;
}

function reader(env: Environment, faults: string[]) {
  return <T>(name: SettingName, parse: Parse<T>): T => {
    const setting = settings[name];
    try {
      return parse(rawValue(env, name) ?? setting.default);
    } catch (error) {
      faults.push(`${name}: ${(error as Error).message}; for example ${setting.example}`);
      // Only looked at by the checks between settings; the faults are thrown in the end.
      return parse(setting.default);
    }
  };
}

/** Set to nothing counts as not set: that is how containers hand on what they were not given. */
function rawValue(env: Environment, name: SettingName): string | undefined {
  const value = env[name] || undefined;
  const file = (settings[name].isSecret && env[`${name}_FILE`]) || undefined;
  if (file === undefined) return value;
  if (value !== undefined) throw new Error(`set it or ${name}_FILE, not both`);
  const text = readText(file, name);
  // Taking it for "none" would quietly start without mail, or with another key.
  if (text === "") throw new Error(`the file of ${name}_FILE is empty`);
  return text;
}

function readText(file: string, name: SettingName): string {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new Error(`${name}_FILE can't be read (${(error as Error).message})`, { cause: error });
  }
}

/** Names and literals that never leave the machine. */
export function isLoopbackHost(hostname: string): boolean {
  return (
    hostname === "localhost" ||
    hostname === "[::1]" ||
    hostname === "::1" ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  );
}

/** Where the embedded database's generated secret lives. */
export const secretKeyFile = (dataDir: string): string => join(dataDir, "secret-key");

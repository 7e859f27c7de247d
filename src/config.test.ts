import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError, readConfig } from "./config.ts";

const folder = mkdtempSync(join(tmpdir(), "sallyport-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const KEY = Buffer.alloc(32, 7).toString("base64");
const PUBLIC = {
  SALLYPORT_PUBLIC_URL: "https://account.example.test",
  SALLYPORT_SMTP_URL: "smtps://mail.example.test",
};

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

test("without any setting it is the embedded database on this machine", () => {
  expect(readConfig({})).toMatchObject({
    port: 7700,
    host: "127.0.0.1",
    databaseUrl: undefined,
    secretKey: undefined,
    smtpUrl: undefined,
    signUp: "open",
    recoveryWaitHours: 72,
    trustedProxies: [],
    forwardedHeader: null,
    roles: ["web", "worker", "sequencer"],
    isLoopback: true,
  });
  expect(readConfig({}).publicUrl.origin).toBe("http://localhost:7700");
});

test("another port moves the links along, unless the public URL is set", () => {
  expect(readConfig({ SALLYPORT_PORT: "7801" }).publicUrl.origin).toBe("http://localhost:7801");
  expect(readConfig({ SALLYPORT_PORT: "7801", ...PUBLIC }).publicUrl.origin).toBe(
    "https://account.example.test",
  );
});

test("passkeys are bound to the public host, or to a domain above it", () => {
  const rpIdOf = (rpId: string) => readConfig({ ...PUBLIC, SALLYPORT_RP_ID: rpId }).rpId;
  expect(readConfig({}).rpId).toBe("localhost");
  expect(readConfig(PUBLIC).rpId).toBe("account.example.test");
  expect(rpIdOf("account.example.test")).toBe("account.example.test");
  expect(rpIdOf("example.test")).toBe("example.test");
  for (const rpId of [
    "test",
    "other.test",
    "ample.test",
    "a.account.example.test",
    "https://example.test",
    "example.test:443",
    "Example.test",
    "127.0.0.1",
  ]) {
    const faults = faultsOf({ ...PUBLIC, SALLYPORT_RP_ID: rpId });
    expect([rpId, faults.map((fault) => fault.split(":")[0])]).toEqual([rpId, ["SALLYPORT_RP_ID"]]);
  }
});

test("every fault is told at once, each with its setting's name", () => {
  const faults = faultsOf({
    SALLYPORT_PORT: "70000",
    SALLYPORT_HOST: "example.test",
    SALLYPORT_PUBLIC_URL: "https://a.example.test/path",
    SALLYPORT_SECRET_KEY: "too short",
    SALLYPORT_SIGN_UP: "perhaps",
    SALLYPORT_TRUSTED_PROXIES: "10.0.0.0/8,010.1.1.1/32",
    SALLYPORT_ROLES: "web,cook",
    SALLYPORT_METRICS_TOKEN: "short",
    SALLYPORT_MAIL_FROM: "a@example.test, b@example.test",
    SALLYPORT_PROT: "7700",
  });
  const names = faults.map((fault) => fault.split(":")[0]);
  expect(names.toSorted()).toEqual([
    "SALLYPORT_HOST",
    "SALLYPORT_MAIL_FROM",
    "SALLYPORT_METRICS_TOKEN",
    "SALLYPORT_PORT",
    "SALLYPORT_PROT",
    "SALLYPORT_PUBLIC_URL",
    "SALLYPORT_ROLES",
    "SALLYPORT_SECRET_KEY",
    "SALLYPORT_SIGN_UP",
    "SALLYPORT_TRUSTED_PROXIES",
  ]);
  expect(faults.find((fault) => fault.startsWith("SALLYPORT_SECRET_KEY"))).toContain(
    "openssl rand -base64 32",
  );
});

test("a fault never repeats a secret", () => {
  const secret = "hunter2-hunter2-hunter2";
  const faults = faultsOf({
    SALLYPORT_SECRET_KEY: secret,
    SALLYPORT_DATABASE_URL: `mysql://u:${secret}@h/d`,
    SALLYPORT_SMTP_URL: `http://u:${secret}@h`,
    SALLYPORT_METRICS_TOKEN: `${secret} ü`,
  });
  expect(faults.length).toBe(4);
  expect(faults.join()).not.toContain("hunter2");
});

describe("a start that would be unsafe is refused", () => {
  const cases: [name: string, env: Record<string, string>, fault: string][] = [
    [
      "a public address over http",
      { ...PUBLIC, SALLYPORT_PUBLIC_URL: "http://account.example.test" },
      "SALLYPORT_PUBLIC_URL",
    ],
    [
      "a public address without a mail server",
      { SALLYPORT_PUBLIC_URL: "https://account.example.test" },
      "SALLYPORT_SMTP_URL",
    ],
    [
      "a name that only looks like this machine",
      { SALLYPORT_PUBLIC_URL: "http://127.0.0.1.example.test" },
      "SALLYPORT_PUBLIC_URL",
    ],
    [
      "an external database without a key",
      { SALLYPORT_DATABASE_URL: "postgres://db.example.test/x" },
      "SALLYPORT_SECRET_KEY",
    ],
    [
      "a shared database whose log each process would sign with a key of its own",
      { SALLYPORT_DATABASE_URL: "postgres://db.example.test/x" },
      "SALLYPORT_LOG_KEY_FILE",
    ],
    [
      "a shared database whose anchor each process would keep for itself",
      { SALLYPORT_DATABASE_URL: "postgres://db.example.test/x" },
      "SALLYPORT_ANCHOR",
    ],
    [
      "a migration database alone",
      { SALLYPORT_MIGRATION_DATABASE_URL: "postgres://db.example.test/x" },
      "SALLYPORT_DATABASE_URL",
    ],
    [
      "a forwarding header that anybody could send",
      { SALLYPORT_FORWARDED_HEADER: "x-forwarded-for" },
      "SALLYPORT_TRUSTED_PROXIES",
    ],
    ["no role", { SALLYPORT_ROLES: "," }, "SALLYPORT_ROLES"],
    [
      "a bucket for the anchor that anybody could read on the way",
      { SALLYPORT_ANCHOR: "http://storage.example.test/anchor" },
      "SALLYPORT_ANCHOR",
    ],
    [
      "a storage for the anchor without a bucket",
      { SALLYPORT_ANCHOR: "https://storage.example.test" },
      "SALLYPORT_ANCHOR",
    ],
    [
      "a bucket for the anchor without its key",
      {
        SALLYPORT_ANCHOR: "https://storage.example.test/anchor",
        SALLYPORT_ANCHOR_ACCESS_KEY_ID: "anchor",
      },
      "SALLYPORT_ANCHOR_SECRET_ACCESS_KEY",
    ],
  ];
  test.each(cases)("%s", (_name, env, setting) => {
    const faults = faultsOf(env);
    expect(faults.some((fault) => fault.startsWith(`${setting}:`))).toBe(true);
  });
});

test("a process without the sequencer needs neither key nor anchor of the log", () => {
  const config = readConfig({
    SALLYPORT_DATABASE_URL: "postgres://u:p@db.example.test/x",
    SALLYPORT_SECRET_KEY: KEY,
    SALLYPORT_ROLES: "web,worker",
  });
  expect(config.roles).toEqual(["web", "worker"]);
});

test("the anchor is a folder or a bucket", () => {
  expect(readConfig({ SALLYPORT_ANCHOR: "/var/lib/anchor" }).anchor).toEqual({
    folder: "/var/lib/anchor",
  });
  const { anchor } = readConfig({
    SALLYPORT_ANCHOR: "https://storage.example.test/anchor/log",
    SALLYPORT_ANCHOR_ACCESS_KEY_ID: "anchor",
    SALLYPORT_ANCHOR_SECRET_ACCESS_KEY: "a secret of the storage",
  });
  expect(anchor).toEqual({
    url: new URL("https://storage.example.test/anchor/log"),
    region: "us-east-1",
    accessKeyId: "anchor",
    secretAccessKey: "a secret of the storage",
  });
});

test("what is public and safe is accepted", () => {
  const config = readConfig({
    ...PUBLIC,
    SALLYPORT_DATABASE_URL: "postgres://u:p@db.example.test/x",
    SALLYPORT_SECRET_KEY: KEY,
    SALLYPORT_LOG_KEY_FILE: "/var/lib/sallyport/log.key",
    SALLYPORT_ANCHOR: "/var/lib/sallyport-anchor",
    SALLYPORT_SECRET_KEY_PREVIOUS: `${Buffer.alloc(32, 8).toString("base64")}, ${KEY}`,
    SALLYPORT_TRUSTED_PROXIES: "10.0.0.0/8, ::1/128",
    SALLYPORT_FORWARDED_HEADER: "forwarded",
  });
  expect(config.secretKey).toEqual(Buffer.alloc(32, 7));
  expect(config.previousSecretKeys).toHaveLength(2);
  expect(config.trustedProxies).toEqual(["10.0.0.0/8", "::1/128"]);
  expect(config.isLoopback).toBe(false);
});

describe("a secret from a file", () => {
  test("is read without the line break at its end", () => {
    const config = readConfig({ SALLYPORT_SECRET_KEY_FILE: file("key", `${KEY}\n`) });
    expect(config.secretKey).toEqual(Buffer.alloc(32, 7));
  });

  test("that is missing, empty, or beside the setting itself is a fault", () => {
    const [missing] = faultsOf({ SALLYPORT_SECRET_KEY_FILE: join(folder, "nowhere") });
    expect(missing).toContain("ENOENT");
    expect(faultsOf({ SALLYPORT_SMTP_URL_FILE: file("empty", "\n") })[0]).toContain("empty");
    const both = { SALLYPORT_SECRET_KEY: KEY, SALLYPORT_SECRET_KEY_FILE: file("key", KEY) };
    expect(faultsOf(both)[0]).toContain("not both");
  });

  test("is for secrets: a port has no file", () => {
    expect(faultsOf({ SALLYPORT_PORT_FILE: file("port", "1") })[0]).toContain("no such setting");
  });
});

describe("the sender of mails", () => {
  const sender = (env: Record<string, string>) => readConfig({ ...PUBLIC, ...env }).mailFrom;

  test("is what is set, with or without a name", () => {
    expect(sender({ SALLYPORT_MAIL_FROM: "Example Accounts <a@example.test>" })).toEqual({
      name: "Example Accounts",
      address: "a@example.test",
    });
    expect(sender({ SALLYPORT_MAIL_FROM: "a@example.test" })).toEqual({
      name: "",
      address: "a@example.test",
    });
  });

  test("else is the mail server's user where that is an address, else no-reply", () => {
    const SALLYPORT_SMTP_URL = "smtps://robot%40example.test:p@mail.example.test";
    expect(sender({ SALLYPORT_SMTP_URL }).address).toBe("robot@example.test");
    expect(sender({}).address).toBe("no-reply@account.example.test");
    expect(readConfig({}).mailFrom.address).toBe("no-reply@localhost");
  });
});

test("an empty variable counts as not set", () => {
  expect(readConfig({ SALLYPORT_PORT: "", SALLYPORT_SECRET_KEY: "" }).port).toBe(7700);
});

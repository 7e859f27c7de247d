/** Where a setting is read, its default and an example: docs/settings.md is made from this. */
type Setting = { description: string; default: string; example: string; isSecret: boolean };

/** Every setting. Those that are secret may come from a file instead: NAME_FILE. */
export const settings = {
  SALLYPORT_PORT: {
    description: "Port to listen on.",
    default: "7700",
    example: "7700",
    isSecret: false,
  },
  SALLYPORT_HOST: {
    description: "Address to listen on. Leave it on this machine and put a proxy in front.",
    default: "127.0.0.1",
    example: "127.0.0.1",
    isSecret: false,
  },
  SALLYPORT_PUBLIC_URL: {
    description:
      "The origin people see: the only one used in links, cookies and passkeys. Without https, or without SALLYPORT_SMTP_URL, only an origin on this machine is accepted. None: http://localhost with SALLYPORT_PORT, so http://localhost:7700.",
    default: "",
    example: "https://account.example.com",
    isSecret: false,
  },
  SALLYPORT_RP_ID: {
    description:
      "The domain that passkeys are bound to: the public URL's host, or a domain above it where other services are to take the same passkeys. Passkeys of another domain no longer work, so choose it once. None: the public URL's host.",
    default: "",
    example: "example.com",
    isSecret: false,
  },
  SALLYPORT_DATABASE_URL: {
    description:
      "PostgreSQL 15 or newer, as the role that requests run as. None: Sallyport runs its own.",
    default: "",
    example: "postgres://sallyport@db.example.com/sallyport",
    isSecret: true,
  },
  SALLYPORT_MIGRATION_DATABASE_URL: {
    description:
      "The same database as the role that owns the schema: migrates and runs jobs. None: SALLYPORT_DATABASE_URL owns it.",
    default: "",
    example: "postgres://sallyport_owner@db.example.com/sallyport",
    isSecret: true,
  },
  SALLYPORT_DATA_DIR: {
    description: "Folder of the embedded database and of generated keys.",
    default: "./.sallyport",
    example: "/var/lib/sallyport",
    isSecret: false,
  },
  SALLYPORT_SECRET_KEY: {
    description:
      "32 random bytes, base64 (openssl rand -base64 32). Keys, codes and mails are sealed with it. With the embedded database it is made at the first start, in the data folder.",
    default: "",
    example: "the output of: openssl rand -base64 32",
    isSecret: true,
  },
  SALLYPORT_SECRET_KEY_PREVIOUS: {
    description: "Earlier secret keys, comma-separated, while they are being replaced.",
    default: "",
    example: "the old value of SALLYPORT_SECRET_KEY",
    isSecret: true,
  },
  SALLYPORT_SMTP_URL: {
    description:
      "Mail server. smtps:// begins with TLS; smtp:// to another machine insists on STARTTLS unless ?requireTLS=false is added. None: mail stays in the sandbox, /sandbox/mail.",
    default: "",
    example: "smtps://user:password@mail.example.com:465",
    isSecret: true,
  },
  SALLYPORT_MAIL_FROM: {
    description:
      "Sender of mails. None: the user of SALLYPORT_SMTP_URL where that is an address, else no-reply at the public host.",
    default: "",
    example: "Example Accounts <accounts@example.com>",
    isSecret: false,
  },
  SALLYPORT_SESSION_HOURS: {
    description:
      "How long a sign-in lasts at most, 1 to 168 hours. Use does not prolong it. It holds for sign-ins from then on.",
    default: "12",
    example: "8",
    isSecret: false,
  },
  SALLYPORT_SESSION_IDLE_MINUTES: {
    description:
      "Minutes without use after which a sign-in ends, 15 to 720, decided each time it is asked. Organisations can ask for fewer of everybody whom their apps reach. None: only what they ask.",
    default: "",
    example: "60",
    isSecret: false,
  },
  SALLYPORT_SIGN_UP: {
    description: "open: anybody may sign up. invited: only people who were invited.",
    default: "open",
    example: "invited",
    isSecret: false,
  },
  SALLYPORT_RECOVERY_WAIT_HOURS: {
    description:
      "How long a reset of somebody's second factors waits, 72 to 720 hours: by the person, who has lost everything, or by an operator. All their addresses are told at once and again, and each mail stops it.",
    default: "72",
    example: "168",
    isSecret: false,
  },
  SALLYPORT_TRUSTED_PROXIES: {
    description: "Proxies whose forwarding header is believed, CIDRs, comma-separated.",
    default: "",
    example: "127.0.0.1/32,10.0.0.0/24",
    isSecret: false,
  },
  SALLYPORT_FORWARDED_HEADER: {
    description: "The one header those proxies set: x-forwarded-for or forwarded.",
    default: "",
    example: "x-forwarded-for",
    isSecret: false,
  },
  SALLYPORT_SUPPORT_URL: {
    description: "Where people find help: shown in refusals and mails.",
    default: "",
    example: "https://help.example.com",
    isSecret: false,
  },
  SALLYPORT_METRICS_TOKEN: {
    description: "Bearer token for /metrics. None: /metrics answers on this machine only.",
    default: "",
    example: "the output of: openssl rand -base64 32",
    isSecret: true,
  },
  SALLYPORT_LOG_KEY_FILE: {
    description:
      "File with the log's signing key (Ed25519, PEM), where the sequencer runs. Not in the database, so that whoever can write there cannot sign. None: log.key in the data folder, made at the first start (embedded database only).",
    default: "",
    example: "/var/lib/sallyport/log.key",
    isSecret: false,
  },
  SALLYPORT_ANCHOR: {
    description:
      "Where it is remembered what was signed, for the sequencer: a folder, or an S3-compatible bucket as https://storage/bucket/folder. Keep it apart from the database and its backups: a restored database is known by it. None: anchor in the data folder (embedded database only).",
    default: "",
    example: "/var/lib/sallyport-anchor",
    isSecret: false,
  },
  SALLYPORT_ANCHOR_ACCESS_KEY_ID: {
    description: "Access key of the anchor's bucket: it may list, read and write there.",
    default: "",
    example: "sallyport-anchor",
    isSecret: false,
  },
  SALLYPORT_ANCHOR_SECRET_ACCESS_KEY: {
    description: "The secret of that access key.",
    default: "",
    example: "the secret that came with the access key",
    isSecret: true,
  },
  SALLYPORT_ANCHOR_REGION: {
    description: "Region of the anchor's bucket, as the storage names it.",
    default: "us-east-1",
    example: "eu-central-1",
    isSecret: false,
  },
  SALLYPORT_WITNESS_POLICY: {
    description:
      "File that names the log's witnesses and how many of them must have signed before a checkpoint is shown (C2SP tlog-policy), where the sequencer runs. None: nobody is asked.",
    default: "",
    example: "/etc/sallyport/witnesses",
    isSecret: false,
  },
  SALLYPORT_OUTBOUND_ALLOW: {
    description:
      "Networks of yours, CIDRs, comma-separated, that calls may reach whose target a user chose, such as streams of the log. None: only public addresses are called.",
    default: "",
    example: "10.20.0.0/16",
    isSecret: false,
  },
  SALLYPORT_ROLES: {
    description: "What this process does: web, worker, sequencer, comma-separated.",
    default: "web,worker,sequencer",
    example: "web",
    isSecret: false,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

import type { Transporter } from "nodemailer";

/** Longest waits for a mail server, ms: its name and connection, its greeting, each answer. */
const CONNECTION_TIMEOUT_MS = 10_000;
const GREETING_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 20_000;
/** Connections to the mail server at once, as many as there are jobs. */
const MAX_CONNECTIONS = 4;

/**
 * Connections to the mail server of SALLYPORT_SMTP_URL, kept open between mails. Over smtp:// to another
 * machine STARTTLS is required, or whoever sits between could take the links: `?requireTLS=false` in the
 * URL is the way out for a relay in a private network.
 */
export async function openMailTransport(smtpUrl: string): Promise<Transporter> {
  const { createTransport } = await import("nodemailer");
  const url = new URL(smtpUrl);
  return createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: MAX_CONNECTIONS,
    // The queue tries again; twice the same mail in one try would only blur what happened.
    maxRequeues: 0,
    requireTLS: !isHere(url.hostname) && url.searchParams.get("requireTLS") !== "false",
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    greetingTimeout: GREETING_TIMEOUT_MS,
    dnsTimeout: CONNECTION_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

const isHere = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");

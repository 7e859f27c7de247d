import { SMTPServer, type SMTPServerSession } from "smtp-server";

export type ReceivedMail = { raw: string; to: string[]; from: string };

/** What the server does with one mail. */
export type Verdict =
  | "accept"
  /** Breaks the connection in the middle of the message. */
  | "hang-up"
  /** Takes the message and never answers. */
  | "say-nothing"
  | { at: "recipient" | "message"; code: number };

export type MailServer = {
  url: string;
  /** Mails that were accepted, in order. */
  received: ReceivedMail[];
  /** Messages that came, whatever became of them. */
  attempts: ReceivedMail[];
  /** What is done with the next mails, in order; then all are accepted. */
  verdicts: Verdict[];
  stop(): Promise<void>;
};

/** A real SMTP server on a free port of loopback, whose behaviour a test sets. */
export async function startMailServer(): Promise<MailServer> {
  const server: Omit<MailServer, "url" | "stop"> = { received: [], attempts: [], verdicts: [] };
  let current: Verdict = "accept";
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    closeTimeout: 100,
    onMailFrom(_address, _session, done) {
      current = server.verdicts.shift() ?? "accept";
      done();
    },
    onRcptTo(_address, _session, done) {
      done(refusalAt("recipient", current));
    },
    onData(stream, session, done) {
      let raw = "";
      stream.setEncoding("utf8");
      stream.on("data", (chunk: string) => (raw += chunk));
      if (current === "hang-up") {
        server.attempts.push(mailOf(session, ""));
        (stream as unknown as { destroy(): void }).destroy();
        for (const connection of smtp.connections) connectionSocket(connection)?.destroy();
        return;
      }
      stream.on("end", () => {
        const mail = mailOf(session, raw);
        server.attempts.push(mail);
        if (current === "say-nothing") return;
        const refusal = refusalAt("message", current);
        if (refusal === undefined) server.received.push(mail);
        done(refusal);
      });
    },
  });
  smtp.on("error", () => {}); // a client that goes away in the middle is part of the tests
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  const address = smtp.server.address();
  if (address === null || typeof address === "string") throw new Error("it listens on a port");
  return {
    ...server,
    url: `smtp://127.0.0.1:${address.port}`,
    stop: () => new Promise((resolve) => smtp.close(() => resolve())),
  };
}

function refusalAt(place: "recipient" | "message", verdict: Verdict): Error | undefined {
  if (typeof verdict === "string" || verdict.at !== place) return undefined;
  return Object.assign(new Error(`refused with ${verdict.code}`), { responseCode: verdict.code });
}

function mailOf({ envelope }: SMTPServerSession, raw: string): ReceivedMail {
  return {
    raw,
    to: envelope.rcptTo.map(({ address }) => address),
    from: envelope.mailFrom === false ? "" : envelope.mailFrom.address,
  };
}

function connectionSocket(connection: unknown): { destroy(): void } | undefined {
  return (connection as { _socket?: { destroy(): void } })._socket;
}

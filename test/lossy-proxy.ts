import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

/**
 * `lost`: the statement never reaches PostgreSQL. `unanswered`: PostgreSQL has carried it out and
 * answered, and the answer never arrives. Either way the connection breaks. `stuck` and `swallowed` are
 * the same two over a connection that stays open, and over which nothing comes through any more.
 */
export type Fault = "lost" | "unanswered" | "stuck" | "swallowed";

export type LossyProxy = {
  /** The database's URL by way of the proxy. */
  url: string;
  /**
   * Lets the fault happen at the next statement whose text or name matches; resolves when it has happened.
   *
   * @param after only in a transaction that has said this before
   */
  breakAt(statement: RegExp, fault: Fault, after?: RegExp): Promise<void>;
  /** PostgreSQL is away: all connections break, new ones are cut. */
  goAway(): void;
  comeBack(): void;
  stop(): Promise<void>;
};

type Trap = { statement: RegExp; fault: Fault; after: RegExp | undefined; sprung: () => void };

/** Length of a startup message's head, and of a typed message's: its type, then its length. */
const STARTUP_HEAD = 4;
const TYPED_HEAD = 5;
const READY_FOR_QUERY = "Z";
/** Query, Parse, Bind: the messages that carry a statement's text or name. */
const STATEMENT_TYPES = ["Q", "P", "B"];
const BEGIN = /^(?:begin|start transaction)/i;

/** Stands between Sallyport and PostgreSQL and loses what a broken network would lose, at a chosen moment. */
export async function startLossyProxy(databaseUrl: string): Promise<LossyProxy> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const traps: Trap[] = [];
  let isAway = false;
  const server = createServer((client) => {
    if (isAway) {
      client.destroy();
      return;
    }
    const upstream = connectTo(target);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    relay(client, upstream, traps);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: urlOf(target, server),
    breakAt: (statement, fault, after) =>
      new Promise((sprung) => traps.push({ statement, fault, after, sprung })),
    goAway() {
      isAway = true;
      for (const socket of sockets) socket.destroy();
    },
    comeBack() {
      isAway = false;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function urlOf(target: URL, server: Server): string {
  const url = new URL(target);
  url.searchParams.delete("host");
  url.hostname = "127.0.0.1";
  url.port = String((server.address() as AddressInfo).port);
  return url.href;
}

function connectTo(target: URL): Socket {
  const folder = target.searchParams.get("host");
  const port = Number(target.port === "" ? 5432 : target.port);
  return folder === null
    ? connect({ host: target.hostname, port })
    : connect({ path: `${folder}/.s.PGSQL.${port}` });
}

function relay(client: Socket, upstream: Socket, traps: Trap[]): void {
  const fromClient = new Messages(true);
  const fromServer = new Messages(false);
  let caught: Trap | null = null;
  let isSilent = false;
  /** In the transaction under way, or the last one. */
  let said: string[] = [];
  const cut = () => {
    client.destroy();
    upstream.destroy();
  };
  const spring = ({ fault, sprung }: Trap) => {
    if (fault === "stuck" || fault === "swallowed") isSilent = true;
    else cut();
    sprung();
  };
  client.on("data", (chunk) => {
    if (isSilent) return;
    const statements = fromClient
      .read(chunk)
      .filter(({ type }) => STATEMENT_TYPES.includes(type))
      .map(({ text }) => text);
    said = statements.some((text) => BEGIN.test(text)) ? statements : [...said, ...statements];
    const index = traps.findIndex(
      ({ statement, after }) =>
        statements.some((text) => statement.test(text)) &&
        (after === undefined || said.some((text) => after.test(text))),
    );
    const [trap] = index === -1 ? [] : traps.splice(index, 1);
    caught ??= trap ?? null;
    if (caught?.fault === "lost" || caught?.fault === "stuck") spring(caught);
    else upstream.write(chunk);
  });
  upstream.on("data", (chunk) => {
    if (isSilent) return;
    if (caught === null) client.write(chunk);
    else if (fromServer.read(chunk).some(({ type }) => type === READY_FOR_QUERY)) spring(caught);
  });
  for (const socket of [client, upstream]) {
    socket.on("error", () => {});
    socket.on("close", cut);
  }
}

/** Cuts a stream of PostgreSQL's protocol (version 3) into its messages. */
class Messages {
  #buffer = Buffer.alloc(0);
  #isStartup: boolean;

  constructor(isStartup: boolean) {
    this.#isStartup = isStartup;
  }

  read(chunk: Buffer): { type: string; text: string }[] {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    const messages: { type: string; text: string }[] = [];
    for (;;) {
      const head = this.#isStartup ? STARTUP_HEAD : TYPED_HEAD;
      if (this.#buffer.length < head) return messages;
      const length = this.#buffer.readInt32BE(head - 4) + head - 4;
      if (this.#buffer.length < length) return messages;
      const type = this.#isStartup ? "" : this.#buffer.toString("latin1", 0, 1);
      messages.push({ type, text: this.#buffer.toString("latin1", head, length) });
      this.#buffer = this.#buffer.subarray(length);
      this.#isStartup = false;
    }
  }
}

import { Client } from "pg";
import { startHarness, type Harness } from "../../../test/harness.ts";
import { startLossyProxy, type Fault, type LossyProxy } from "../../../test/lossy-proxy.ts";

/** One of the two processes that answer. */
export type Place = 0 | 1;

/** The statement that puts answers on record, and the one that ends a change. */
const ANSWER = /write-batch/;
const COMMIT = /^commit|\0commit/i;

/** Two processes on one database, each by way of a network that can lose what it carries. */
export type Stage = {
  /** Stands beside the two, to set things up and look at them; it answers nothing. */
  base: Harness;
  processes: readonly [Harness, Harness];
  /** Breaks the process's connection at the next commit of the kind; resolves when that has happened. */
  breakAt(place: Place, commit: "answer" | "change", fault: Fault): Promise<void>;
  /** A statement that only the owner of the tables may make. */
  asOwner<Row extends object>(text: string, values: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
};

export async function setStage(): Promise<Stage> {
  const base = await startHarness();
  const owner = new Client({ connectionString: base.database.ownerUrl });
  await owner.connect();
  const proxies = [await proxyOf(base), await proxyOf(base)] as const;
  const processes = [await startBeside(base, proxies[0]), await startBeside(base, proxies[1])];
  return {
    base,
    processes: processes as [Harness, Harness],
    breakAt: (place, commit, fault) =>
      proxies[place].breakAt(commit === "answer" ? ANSWER : COMMIT, fault),
    asOwner: async <Row extends object>(text: string, values: unknown[]) =>
      (await owner.query<Row>(text, values)).rows,
    async stop() {
      for (const process of processes) await process.stop();
      for (const proxy of proxies) await proxy.stop();
      await owner.end();
      await base.stop();
    },
  };
}

const proxyOf = (base: Harness): Promise<LossyProxy> => startLossyProxy(base.database.runtimeUrl);

const startBeside = ({ clock, services, database }: Harness, { url }: LossyProxy) =>
  startHarness({
    isFiling: false,
    beside: { clock, services, database: { ...database, runtimeUrl: url } },
  });

/** Lets the event loop turn that often: where in the others' work something begins is drawn, not waited for. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

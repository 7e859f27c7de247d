import { collectDefaultMetrics, Counter, Gauge, Registry } from "@prometheus-io/client";
import type { Services } from "../../context.ts";
import { queueState } from "../jobs/queue-state.ts";
import { inTime } from "./in-time.ts";
import type { RequestCount } from "./request-counts.ts";

const PREFIX = "sallyport_";

/** What can be measured of this process, in Prometheus' text format. */
export function createMetrics(services: Services, requests: () => RequestCount[]): Registry {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const labelNames = ["method", "route", "status"] as const;
  void new Counter({
    name: `${PREFIX}http_requests`,
    help: "Requests answered, by route and status.",
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { count, ...labels } of requests()) this.inc(labelsOf(labels), count);
    },
  });
  void new Counter({
    name: `${PREFIX}http_request_seconds`,
    help: "Time that those requests took together, seconds.",
    labelNames,
    registers,
    collect() {
      this.reset();
      for (const { seconds, ...labels } of requests()) this.inc(labelsOf(labels), seconds);
    },
  });
  addQueues(services, registers);
  addInstallation(services, registers);
  return registry;
}

const labelsOf = ({
  method,
  route,
  status,
}: Pick<RequestCount, "method" | "route" | "status">) => ({
  method,
  route,
  status: String(status),
});

function addQueues({ recorder, passwords }: Services, registers: Registry[]): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    void new Gauge({
      name: PREFIX + name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  gauge("record_waiting_entries", "Entries that wait to be committed.", () => recorder.queuedCount);
  gauge(
    "record_oldest_wait_seconds",
    "How long the entry that has waited longest for its commit waits by now; 0: none waits.",
    () => recorder.oldestWaitMs / 1000,
  );
  gauge(
    "record_bad_batches",
    "Times since the start that a batch on record was found not to be as it was written.",
    () => recorder.badBatchCount,
  );
  gauge("password_hashes_running", "Password hashes being computed.", () => passwords.running);
  gauge("password_hashes_waiting", "Password hashes that wait.", () => passwords.queued);
}

type InstallationGauge = (
  named: { name: string; help: string; labelNames?: string[] },
  set: (into: Gauge<string>) => Promise<void>,
) => void;

/** What PostgreSQL has to be asked for. While it is away these are left out: the rest is worth having then above all. */
function addInstallation(services: Services, registers: Registry[]): void {
  const { log } = services;
  const gauge: InstallationGauge = ({ name, help, labelNames = [] }, set) => {
    void new Gauge<string>({
      name: PREFIX + name,
      help,
      labelNames,
      registers,
      async collect() {
        try {
          await set(this);
        } catch (error) {
          // One without labels would be reset to a 0 that nobody has seen.
          if (labelNames.length > 0) this.reset();
          else this.remove();
          log.warn({ err: error, metric: name }, "PostgreSQL could not be asked for a metric");
        }
      },
    });
  };
  addJobs(services, gauge);
  addRecordLags(services, gauge);
  addStreams(services, gauge);
}

function addJobs({ db }: Services, gauge: InstallationGauge): void {
  const jobs = shared(() => inTime(queueState(db)));
  gauge(
    {
      name: "jobs",
      help: "Jobs of the whole installation, by state; failed: for good.",
      labelNames: ["state"],
    },
    async (into) => {
      const { queued, running, failed } = await jobs();
      into.set({ state: "queued" }, queued);
      into.set({ state: "running" }, running);
      into.set({ state: "failed" }, failed);
    },
  );
}

function addRecordLags({ db, clock, ports }: Services, gauge: InstallationGauge): void {
  const filing = shared(() => inTime(ports.filingLag(db)));
  const secondsSince = (at: Date | null): number =>
    at === null ? 0 : Math.max(0, clock.now().getTime() - at.getTime()) / 1000;
  gauge(
    {
      name: "record_unfiled_batches",
      help: "Important batches of the whole installation that are not in the index yet.",
    },
    async (into) => into.set((await filing()).batches),
  );
  gauge(
    {
      name: "record_oldest_unfiled_seconds",
      help: "How old the oldest of them is; 0: all are filed.",
    },
    async (into) => into.set(secondsSince((await filing()).oldestAt)),
  );
  gauge(
    {
      name: "log_lag_seconds",
      help: "How old the oldest batch is that no signed checkpoint covers yet; 0: all are covered.",
    },
    async (into) => into.set(secondsSince((await inTime(ports.logLag(db))).oldestAt)),
  );
}

function addStreams({ db, clock, ports }: Services, gauge: InstallationGauge): void {
  const streams = shared(() => inTime(ports.streamState(db, clock.now())));
  gauge(
    {
      name: "log_streams_behind",
      help: "Streams of the log that are behind by more than their own bound.",
    },
    async (into) => into.set((await streams()).behind.length),
  );
  gauge(
    {
      name: "log_stream_lag_seconds",
      help: "How long the stream that is furthest behind has had news that it did not get through.",
    },
    async (into) => into.set((await streams()).longestLagSeconds),
  );
  gauge(
    {
      name: "log_stream_dead_letters",
      help: "Entries that receivers of streams refused for good.",
    },
    async (into) => into.set((await streams()).deadLetters),
  );
}

/** Asks once for all who want the answer at the same time. */
function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let asking: Promise<T> | undefined;
  return () =>
    (asking ??= ask().finally(() => {
      asking = undefined;
    }));
}

import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { anEntry } from "../../../test/builders/entries.ts";
import { startRecorder, type RecordBench } from "../../../test/builders/recorders.ts";
import { startLossyProxy, type LossyProxy } from "../../../test/lossy-proxy.ts";
import { cloneTemplate, type TestDatabase } from "../../../test/template-database.ts";
import { encode } from "./batch.ts";
import type { Submission } from "./batcher.ts";
import type { Fence } from "./write-batch.ts";

let database: TestDatabase;
let proxy: LossyProxy;
const open: RecordBench[] = [];
const bench = async (url?: string): Promise<RecordBench> => {
  const started = await startRecorder(database.runtimeUrl, url === undefined ? {} : { url });
  open.push(started);
  return started;
};

beforeAll(async () => {
  database = await cloneTemplate();
  proxy = await startLossyProxy(database.runtimeUrl);
});
afterEach(async () => {
  proxy.comeBack();
  await Promise.all(open.splice(0).map((started) => started.close()));
});
afterAll(async () => {
  await proxy.stop();
  await database.drop();
});

const BATCH = /write-batch/;

describe("a lost answer to a batch", () => {
  test("that PostgreSQL never got: written once, under another number, the lost one filled", async () => {
    const b = await bench(proxy.url);
    const broken = proxy.breakAt(BATCH, "lost");
    const { entryId } = await b.recorder.submit(anEntry({ requestId: "lost" }));
    await broken;
    const found = await b.found();
    expect([...found.values()].map(({ requestId }) => requestId)).toEqual(["lost"]);
    expect([...found.keys()]).toEqual([entryId]);
    expect((await b.batches()).map((row) => row.class)).toEqual(["empty", "important"]);
  });

  test("that PostgreSQL committed: not written a second time", async () => {
    const b = await bench(proxy.url);
    const broken = proxy.breakAt(BATCH, "unanswered");
    const submitted = [
      b.recorder.submit(anEntry()),
      b.recorder.submit(anEntry({ outcome: "done" })),
    ];
    await broken;
    const ids = (await Promise.all(submitted)).map(({ entryId }) => entryId);
    expect([...(await b.found()).keys()].toSorted()).toEqual(ids.toSorted());
    expect((await b.batches()).map((row) => row.class)).toEqual(["important", "routine"]);
  });

  test("whose settling loses its answer too: an own empty batch is not taken for the lost one", async () => {
    const b = await bench(proxy.url);
    const broken = proxy.breakAt(BATCH, "lost");
    const brokenAgain = proxy.breakAt(BATCH, "unanswered");
    const { entryId } = await b.recorder.submit(anEntry());
    await Promise.all([broken, brokenAgain]);
    expect([...(await b.found()).keys()]).toEqual([entryId]);
    expect(await b.missing()).toEqual([]);
  });

  test("from a backend that was terminated: each entry is there exactly once", async () => {
    const b = await bench();
    const requestIds = Array.from({ length: 600 }, () => randomUUID());
    const ids: string[] = [];
    for (let index = 0; index < requestIds.length; index += 20) {
      const submitted = requestIds
        .slice(index, index + 20)
        .map(async (requestId) => (await b.recorder.submit(anEntry({ requestId }))).entryId);
      await b.sql.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query like '%fence as materialized%' and pid <> pg_backend_pid() and datname = current_database()",
      );
      ids.push(...(await Promise.all(submitted)));
    }
    const found = await b.found();
    expect(ids.map((id) => found.get(id)?.requestId)).toEqual(requestIds);
    expect(found.size).toBe(requestIds.length);
    await vi.waitFor(async () => expect(await b.missing()).toEqual([]), { timeout: 5_000 });
  });
});

describe("when PostgreSQL is away", () => {
  test("longer than the patience: refused, nothing of it on record, and it goes on later", async () => {
    const b = await bench(proxy.url);
    await b.recorder.submit(anEntry({ requestId: "before" }));
    proxy.goAway();
    const refused = await Promise.allSettled(
      Array.from({ length: 900 }, () => b.recorder.submit(anEntry({ requestId: "away" }))),
    );
    expect(new Set(refused.map(({ status }) => status))).toEqual(new Set(["rejected"]));
    const [first] = refused;
    expect(first?.status === "rejected" && (first.reason as Error).name).toBe("RecordUnavailable");
    proxy.comeBack();
    await b.recorder.submit(anEntry({ requestId: "after" }));
    expect([...(await b.found()).values()].map(({ requestId }) => requestId)).toEqual([
      "before",
      "after",
    ]);
    await vi.waitFor(async () => expect(await b.missing()).toEqual([]), { timeout: 5_000 });
  }, 30_000);

  test("in the middle of a commit: what nobody could tell was not answered as done, and leaves no gap", async () => {
    const b = await bench(proxy.url);
    const broken = proxy.breakAt(BATCH, "unanswered");
    const submitted = b.recorder.submit(anEntry({ requestId: "unknown" }));
    const outcome = expect(submitted).rejects.toThrow("not recorded");
    await broken;
    proxy.goAway();
    await outcome;
    proxy.comeBack();
    await b.recorder.submit(anEntry({ requestId: "after" }));
    await vi.waitFor(() => expect(b.recorder.numbers.openCount).toBe(0), { timeout: 5_000 });
    expect(await b.missing()).toEqual([]);
  }, 30_000);

  test("no longer than the patience: nobody notices", async () => {
    const b = await bench(proxy.url);
    proxy.goAway();
    const submitted = b.recorder.submit(anEntry());
    setTimeout(() => proxy.comeBack(), 300);
    const { entryId } = await submitted;
    expect([...(await b.found()).keys()]).toEqual([entryId]);
  });

  test("more than 10,000 waiting requests are refused at once", async () => {
    const b = await bench(proxy.url);
    proxy.goAway();
    const waiting = Array.from({ length: 10_000 }, () => b.recorder.submit(anEntry()));
    await expect(b.recorder.submit(anEntry())).rejects.toThrow("too many wait");
    proxy.comeBack();
    const ids = await Promise.all(waiting);
    expect(new Set(ids.map(({ entryId }) => entryId)).size).toBe(10_000);
  }, 60_000);
});

describe("the fence", () => {
  const versionOf = async (b: RecordBench, slot: number): Promise<string> =>
    (
      await b.sql.query<{ version: string }>("select version from version_slot where slot = $1", [
        slot,
      ])
    ).rows[0]?.version ?? "0";

  /** Answers with the versions that `known` holds at that moment. */
  function asking(fence: () => Fence, value: () => string): Submission<string> {
    return {
      prepare: () => ({
        entry: encode(anEntry({ reason: value() })),
        value: value(),
        fence: fence(),
      }),
    };
  }

  test("a stale version writes nothing; after catching up the answer is made again", async () => {
    const b = await bench();
    let version = "1"; // never a version seen
    const caughtUp: (readonly number[])[] = [];
    b.recorder.catchUp = async (slots) => {
      caughtUp.push(slots);
      expect(await b.batches()).toEqual([]);
      version = await versionOf(b, 5);
    };
    const { value } = await b.recorder.submitAnswer(
      asking(
        () => ({ slots: [5], versions: [version], endsAtMs: Number.POSITIVE_INFINITY }),
        () => (version === "1" ? "stale" : "fresh"),
      ),
    );
    expect([value, caughtUp]).toEqual(["fresh", [[5]]]);
    expect([...(await b.found()).values()].map(({ reason }) => reason)).toEqual(["fresh"]);
    expect(await b.missing()).toEqual([]);
  });

  test("two answers of one batch that saw different versions are both made again", async () => {
    const b = await bench();
    const fresh = await versionOf(b, 6);
    let isFirst = true;
    b.recorder.catchUp = async () => {
      isFirst = false;
    };
    const versions = [fresh, "1"];
    const values = await Promise.all(
      versions.map(
        async (version) =>
          (
            await b.recorder.submitAnswer(
              asking(
                () => ({
                  slots: [6],
                  versions: [isFirst ? version : fresh],
                  endsAtMs: Number.POSITIVE_INFINITY,
                }),
                () => (isFirst ? "stale" : "fresh"),
              ),
            )
          ).value,
      ),
    );
    expect(values).toEqual(["fresh", "fresh"]);
  });

  test("a slot without a row refuses", async () => {
    const b = await bench();
    await expect(
      b.recorder.submitAnswer(
        asking(
          () => ({ slots: [99_999], versions: ["1"], endsAtMs: Number.POSITIVE_INFINITY }),
          () => "never",
        ),
      ),
    ).rejects.toThrow("keeps changing");
    expect(await b.found()).toEqual(new Map());
  });

  test("an end that passed between answer and commit refuses, by PostgreSQL's clock", async () => {
    const b = await bench();
    const endsAtMs = Date.now() + 60_000;
    let isAllowed = true;
    b.recorder.catchUp = async () => {
      isAllowed = false;
    };
    const ask = asking(
      () => ({
        slots: [],
        versions: [],
        endsAtMs: isAllowed ? endsAtMs : Number.POSITIVE_INFINITY,
      }),
      () => (isAllowed ? "allowed" : "ended"),
    );
    expect((await b.recorder.submitAnswer(ask)).value).toBe("allowed");
    b.clock.advance(60_000);
    expect((await b.recorder.submitAnswer(ask)).value).toBe("ended");
    expect([...(await b.found()).values()].map(({ reason }) => reason)).toEqual([
      "allowed",
      "ended",
    ]);
  });
});

describe("under load", () => {
  test("64 submitters: numbers dense, every id unique and found, each class in its own batch", async () => {
    const b = await bench();
    const acknowledged = new Map<string, string>();
    await Promise.all(
      Array.from({ length: 64 }, async (_, submitter) => {
        for (let turn = 0; turn < 40; turn++) {
          const requestId = `${submitter}-${turn}`;
          const outcome = turn % 3 === 0 ? "refused" : "done";
          const { entryId } = await b.recorder.submit(anEntry({ requestId, outcome }));
          acknowledged.set(entryId, requestId);
        }
      }),
    );
    const found = await b.found();
    expect(acknowledged.size).toBe(64 * 40);
    expect(new Map([...found].map(([id, { requestId }]) => [id, requestId]))).toEqual(acknowledged);
    expect(await b.missing()).toEqual([]);
    const batches = await b.batches();
    expect(new Set(batches.map((row) => row.class))).toEqual(new Set(["important", "routine"]));
    expect(batches.length).toBeLessThan(64 * 40);
  });

  test("close() puts on record what waits, what is being prepared and what was counted", async () => {
    const b = await startRecorder(database.runtimeUrl);
    const { promise: loaded, resolve: load } = Promise.withResolvers<void>();
    let isLoaded = false;
    const prepared = b.recorder.submitAnswer({
      prepare: () =>
        isLoaded
          ? { entry: encode(anEntry({ requestId: "prepared" })), value: "late" }
          : loaded.then(() => {
              isLoaded = true;
            }),
    });
    const waiting = Array.from({ length: 1_000 }, () => b.recorder.submit(anEntry()));
    for (let seen = 0; seen < 8; seen++) await b.recorder.submitFolded("alike", anEntry());
    const closing = b.recorder.close();
    load();
    await closing;
    expect((await prepared).value).toBe("late");
    await Promise.all(waiting);
    const entries = [...(await b.found()).values()];
    expect(entries).toHaveLength(1_000 + 1 + 5 + 1);
    expect(entries.filter(({ count }) => count === 3)).toHaveLength(1);
    await expect(b.recorder.submit(anEntry())).rejects.toThrow("shutting down");
    await b.close();
  });
});

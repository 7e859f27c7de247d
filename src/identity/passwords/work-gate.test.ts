import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWorkGate, WorkQueueFullError } from "./work-gate.ts";

/** A task that ends when it is told to, and notes when it began. */
function controlledTask(name: string, begun: string[]) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const task = () => {
    begun.push(name);
    return promise;
  };
  return { task, finish: () => resolve(name), fail: () => reject(new Error(name)) };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("createWorkGate", () => {
  test("runs as many as it may, queues as many as it may and refuses the next at once", async () => {
    const gate = createWorkGate({ parallel: 2, maxQueued: 1 });
    const begun: string[] = [];
    const tasks = ["a", "b", "c", "d"].map((name) => controlledTask(name, begun));
    const results = tasks.map(async ({ task }) => gate.run(task));

    await expect(results[3]).rejects.toThrow(WorkQueueFullError);
    expect([begun, gate.running, gate.queued]).toEqual([["a", "b"], 2, 1]);

    tasks[0]?.finish();
    await turn();
    expect([begun, gate.running, gate.queued]).toEqual([["a", "b", "c"], 2, 0]);

    for (const { finish } of tasks) finish();
    expect(await Promise.all(results.slice(0, 3))).toEqual(["a", "b", "c"]);
    expect([gate.running, gate.queued]).toEqual([0, 0]);
  });

  test("makes room when a task fails or throws", async () => {
    const gate = createWorkGate({ parallel: 1, maxQueued: 5 });
    const failing = gate.run(() => Promise.reject(new Error("first")));
    const throwing = gate.run(() => {
      throw new Error("second");
    });
    const last = gate.run(async () => "third");
    await expect(failing).rejects.toThrow("first");
    await expect(throwing).rejects.toThrow("second");
    expect(await last).toBe("third");
    expect([gate.running, gate.queued]).toEqual([0, 0]);
  });

  test("serves in order of arrival and never runs too many, in any order of endings", async () => {
    const parameters = fc.record({
      parallel: fc.integer({ min: 1, max: 4 }),
      endings: fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
    });
    await fc.assert(
      fc.asyncProperty(parameters, async ({ parallel, endings }) => {
        const gate = createWorkGate({ parallel, maxQueued: 100 });
        const begun: string[] = [];
        const names = endings.map((_, index) => `task ${index}`);
        const tasks = new Map(names.map((name) => [name, controlledTask(name, begun)]));
        const results = [...tasks.values()].map(async ({ task }) => gate.run(task));
        const live = new Set<string>();
        let seen = 0;
        for (const pick of endings) {
          await turn();
          for (; seen < begun.length; seen += 1) live.add(begun[seen] ?? "");
          expect(live.size).toBeLessThanOrEqual(parallel);
          const ending = [...live][pick % live.size] ?? "";
          tasks.get(ending)?.finish();
          live.delete(ending);
        }
        await Promise.all(results);
        expect(begun).toEqual(names);
      }),
      { numRuns: 50 },
    );
  });
});

test("who goes ahead waits in a queue of its own, is never refused by a full one, and comes before it", async () => {
  const gate = createWorkGate({ parallel: 1, maxQueued: 2 });
  const done: string[] = [];
  const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
  const task = (name: string) => async () => {
    if (name === "first") await isOver;
    done.push(name);
  };
  const running = [gate.run(task("first")), gate.run(task("a")), gate.run(task("b"))];
  await expect(gate.run(task("c"))).rejects.toThrow(WorkQueueFullError);
  running.push(gate.run(task("home"), { isAhead: true }));
  expect(gate.queued).toBe(3);
  end();
  await Promise.all(running);
  expect(done).toEqual(["first", "home", "a", "b"]);
});

import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { afterEach, describe, expect, test } from "vitest";
import { createPasswordJudge, type PasswordJudge } from "./password-judge.ts";
import { WorkQueueFullError } from "./work-gate.ts";

const judges: PasswordJudge[] = [];
const newJudge = (options: { maxQueued: number; restAfterMs?: number }) => {
  const judge = createPasswordJudge(options);
  judges.push(judge);
  return judge;
};
afterEach(async () => {
  for (const judge of judges.splice(0)) await judge.close();
});

/** The next thread that this process starts. */
const newThread = () => new Promise<Worker>((resolve) => process.once("worker", resolve));
const nobody = { userInputs: [] };
describe("createPasswordJudge", () => {
  test("gives each of many questions asked at once its own answer", async () => {
    const judge = newJudge({ maxQueued: 100 });
    const passwords = Array.from({ length: 40 }, (_, i) =>
      i % 2 === 0 ? "x7Kq9vTzL" : "password1",
    );
    const judgements = await Promise.all(passwords.map(async (p) => judge.judge(p, nobody)));
    expect(judgements.map(({ ok }) => ok)).toEqual(passwords.map((_, i) => i % 2 === 0));
  });

  test("knows what the person typed beside it", async () => {
    const judge = newJudge({ maxQueued: 1 });
    const judgement = await judge.judge("xanthopoulou77", { userInputs: ["w@xanthopoulou.test"] });
    expect(judgement).toMatchObject({ ok: false, reasons: [{ code: "password-of-yours" }] });
  });

  // The attack: sign-ups with passwords that are slow to judge, to hold up everybody else's requests.
  test("leaves the event loop free while it works", async () => {
    const judge = newJudge({ maxQueued: 100 });
    await judge.judge("warm", nobody);
    const hostile = "4@8({[<369&#!1/|0$5+7%2".repeat(3);
    const work = { turns: 0, isDone: false };
    const judged = judge.judge(hostile, nobody).then(() => (work.isDone = true));
    while (!work.isDone) {
      await new Promise((resolve) => setImmediate(resolve));
      work.turns += 1;
    }
    await judged;
    expect(work.turns).toBeGreaterThan(20);
  });

  test("refuses at once what its queue cannot hold", async () => {
    const judge = newJudge({ maxQueued: 1 });
    const three = Array.from({ length: 3 }, async () => judge.judge("x7Kq9vTzL", nobody));
    await expect(three[2]).rejects.toThrow(WorkQueueFullError);
    expect(judge.queued).toBe(1);
    expect(await Promise.all(three.slice(0, 2))).toEqual([{ ok: true }, { ok: true }]);
  });

  test("ends its thread after a rest, and starts another when asked again", async () => {
    const judge = newJudge({ maxQueued: 1, restAfterMs: 1 });
    const [judgement, thread] = await Promise.all([judge.judge("x7Kq9vTzL", nobody), newThread()]);
    await once(thread, "exit");
    expect(judgement).toEqual({ ok: true });
    expect(await judge.judge("x7Kq9vTzL", nobody)).toEqual({ ok: true });
  });

  // A thread that dies must take neither the process nor the next question with it.
  test("survives the death of its thread, in work and at rest", async () => {
    const judge = newJudge({ maxQueued: 1 });
    const asked = newThread();
    const inWork = judge.judge("x7Kq9vTzL", nobody);
    const [outcome] = await Promise.allSettled([inWork, (await asked).terminate()]);
    expect(outcome).toMatchObject({
      status: "rejected",
      reason: { message: expect.stringContaining("thread ended") },
    });

    const [judgement, second] = await Promise.all([judge.judge("x7Kq9vTzL", nobody), newThread()]);
    expect(judgement).toEqual({ ok: true });
    await second.terminate();
    expect(await judge.judge("x7Kq9vTzL", nobody)).toEqual({ ok: true });
  });

  test("rejects what is in work or waiting when it is closed, and everything after", async () => {
    const judge = newJudge({ maxQueued: 1 });
    const two = [judge.judge("x7Kq9vTzL", nobody), judge.judge("x7Kq9vTzL", nobody)];
    const outcomes = Promise.allSettled(two);
    await judge.close();
    expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(judge.judge("x7Kq9vTzL", nobody)).rejects.toThrow("closed");
  });
});

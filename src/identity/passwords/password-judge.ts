import { Worker } from "node:worker_threads";
import type { PasswordJudgement } from "./password-strength.ts";
import type { StrengthQuestion } from "./password-strength.worker.ts";
import { createWorkGate } from "./work-gate.ts";

/** Judges new passwords on a thread of its own, so that no chosen password can hold up other requests. */
export type PasswordJudge = {
  /**
   * The rules of `judgePassword`. Ask before looking an account up: the first question after a rest takes some 0.3 s
   * longer, which must not depend on whether the account exists.
   *
   * @throws {WorkQueueFullError} when `maxQueued` questions are waiting.
   * @throws {Error} when the thread died or gave no answer in 10 s; the next question starts a new one.
   */
  judge(password: string, known: { userInputs: readonly string[] }): Promise<PasswordJudgement>;
  /** Questions waiting now. */
  readonly queued: number;
  /** Ends the thread for good; questions in work or waiting are rejected. */
  close(): Promise<void>;
};

/** A question takes 0.1 s at worst; a hundred times that is a fault, not a slow machine. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Its dictionaries hold 30 MB; unbounded, V8 let one worker's heap grow by 200 MB under hostile input. */
const HEAP = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 128 };

/**
 * The thread starts with the first question and ends after `restAfterMs` without one: alive it holds 80 to 120 MB of
 * resident memory, which a server at rest should not. It never keeps the process alive by itself.
 */
export function createPasswordJudge({
  maxQueued,
  restAfterMs = 60_000,
}: {
  maxQueued: number;
  restAfterMs?: number;
}): PasswordJudge {
  const gate = createWorkGate({ parallel: 1, maxQueued });
  let worker: Worker | undefined;
  let rest: NodeJS.Timeout | undefined;
  let isClosed = false;

  const forget = (ended: Worker) => {
    if (worker === ended) worker = undefined;
  };

  async function stop(): Promise<void> {
    clearTimeout(rest);
    const stopping = worker;
    worker = undefined;
    await stopping?.terminate();
  }

  async function answer(question: StrengthQuestion): Promise<PasswordJudgement> {
    if (isClosed) throw new Error("the password judge is closed");
    clearTimeout(rest);
    const asked = (worker ??= startWorker(forget));
    asked.ref();
    try {
      const judgement = await ask(asked, question);
      asked.unref();
      rest = setTimeout(() => void stop(), restAfterMs).unref();
      return judgement;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  return {
    judge: (password, { userInputs }) => gate.run(() => answer({ password, userInputs })),
    get queued() {
      return gate.queued;
    },
    async close() {
      isClosed = true;
      await stop();
    },
  };
}

function startWorker(onEnd: (worker: Worker) => void): Worker {
  const worker = new Worker(new URL("./password-strength.worker.ts", import.meta.url), {
    env: {}, // it needs no setting, and so no secret
    resourceLimits: HEAP,
  });
  // A thread may also die between two questions; without a listener that would end the whole process.
  worker.on("error", () => onEnd(worker)).on("exit", () => onEnd(worker));
  worker.unref();
  return worker;
}

/** The gate lets one question through at a time, so the next message is its answer. */
function ask(worker: Worker, question: StrengthQuestion): Promise<PasswordJudgement> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
      act();
    };
    const onMessage = (judgement: PasswordJudgement) => settle(() => resolve(judgement));
    const onError = (error: Error) => settle(() => reject(error));
    const onExit = () => settle(() => reject(new Error("the password judge's thread ended")));
    const timer = setTimeout(
      () => settle(() => reject(new Error("the password judge gave no answer"))),
      ANSWER_TIMEOUT_MS,
    );
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread's port, not a window
    worker.postMessage(question);
  });
}

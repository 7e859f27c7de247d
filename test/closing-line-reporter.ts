import { writeSync } from "node:fs";
import type { Reporter, SerializedError, TestModule, TestRunEndReason } from "vitest/node";

type Count = { passed: number; failed: number; skipped: number };

/**
 * Ends a run with `N passed, N failed, N skipped` alone on the very last line, so that any tool can
 * read how many tests ran. A red run never says 0 failed, and in CI a skipped test is a failed run.
 */
export class ClosingLineReporter implements Reporter {
  /** What is said when the run breaks before its end. */
  private count: Count = { passed: 0, failed: 1, skipped: 0 };
  /** Tests that a browser did not answer in time at first. */
  private triedAgain: string[] = [];

  onInit(): void {
    // After every other reporter and the teardown have had their say.
    process.once("exit", (code) => {
      const { passed, failed, skipped } = this.count;
      for (const name of this.triedAgain) writeSync(1, `\nNeeded a second try: ${name}\n`);
      const isRed = code !== 0 && failed === 0;
      writeSync(1, `\n${passed} passed, ${isRed ? 1 : failed} failed, ${skipped} skipped\n`);
      if (failed > 0 && code === 0) process.exitCode = 1;
    });
  }

  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<SerializedError>,
    reason: TestRunEndReason,
  ): void {
    const states = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    // A file that does not load, or a hook that throws, fails without a failed test of its own.
    let broken = 0;
    for (const module of modules) {
      let failedHere = 0;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        states[state] += 1;
        if ((test.diagnostic()?.retryCount ?? 0) > 0) this.triedAgain.push(test.fullName);
        if (state === "failed") failedHere += 1;
      }
      if (module.state() === "failed" && failedHere === 0) broken += 1;
    }
    const skipped = states.skipped + states.pending;
    const isRed = reason !== "passed" || unhandledErrors.length > 0;
    const isSkippedInCi = process.env["CI"] === "true" && skipped > 0;
    const failed = states.failed + broken;
    this.count = {
      passed: states.passed,
      failed: isRed || isSkippedInCi ? Math.max(failed, 1) : failed,
      skipped,
    };
  }
}

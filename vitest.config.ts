import { defineConfig } from "vitest/config";
import { SECOND_TRY } from "./test/second-try.ts";
import { ClosingLineReporter } from "./test/closing-line-reporter.ts";

export default defineConfig({
  test: {
    include: ["{src,web,cli,scripts,test}/**/*.test.ts"],
    globalSetup: ["test/global-setup.ts"],
    pool: "forks",
    // Two cores, of which PostgreSQL and nginx need their share.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // What is waited for comes in its own time on two busy cores; a second is no guarantee of anything.
    expect: { poll: { timeout: 15_000 } },
    retry: SECOND_TRY,
    reporters: ["default", new ClosingLineReporter()],
  },
});

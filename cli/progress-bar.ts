const BAR_WIDTH = 30;

export type ProgressBar = { show: (done: number, all: number) => void; clear: () => void };

/**
 * On a terminal alone: a file or another program wants the report, not its making.
 *
 * @param told what is said beside the bar.
 */
export function progressBar(told: (done: number, all: number) => string): ProgressBar {
  if (!process.stderr.isTTY) return { show: () => {}, clear: () => {} };
  return {
    show: (done, all) => {
      const bar = "#".repeat(Math.round((done / all) * BAR_WIDTH)).padEnd(BAR_WIDTH, ".");
      process.stderr.write(`\r[${bar}] ${told(done, all)}`);
    },
    clear: () => process.stderr.write(`\r${" ".repeat(BAR_WIDTH + 50)}\r`),
  };
}

export const count = (value: number): string => value.toLocaleString("en");

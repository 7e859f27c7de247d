import { expect, test } from "vitest";
import { StopSignals } from "./stop-signals.ts";

test("one Ctrl+C that arrives three times stops once and hurries nobody", () => {
  const signals = new StopSignals();
  expect([10, 12, 40].map((ms) => signals.receive(ms))).toEqual(["stop", "same", "same"]);
  expect(signals.hurry.aborted).toBe(false);
});

test("a second one hurries, a third one ends the process", () => {
  const signals = new StopSignals();
  signals.receive(0);
  expect(signals.receive(1_500)).toBe("hurry");
  expect(signals.hurry.aborted).toBe(true);
  expect(signals.receive(3_000)).toBe("exit");
});

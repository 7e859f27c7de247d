import { expect, test } from "vitest";
import { mostTelling } from "./most-telling.ts";

const row = (label: string, allowed: number, refused: number) => ({ label, allowed, refused });

test("whoever was only refused is in the picture, however few the calls", () => {
  const busy = [row("a", 900, 0), row("b", 800, 1), row("c", 700, 0), row("d", 600, 0)];
  const rows = [...busy, row("stranger", 0, 5), row("lost", 3, 2)];
  expect(mostTelling(rows, 4).map(({ label }) => label)).toEqual(["a", "b", "stranger", "lost"]);
});

test("where nobody was refused it is the busiest, longest first", () => {
  const rows = [row("a", 1, 0), row("b", 3, 0), row("c", 2, 0)];
  expect(mostTelling(rows, 2).map(({ label }) => label)).toEqual(["b", "c"]);
});

import { expect, test } from "vitest";
import { hashesAt, lastTile, parseTilePath, tilePath } from "./tiles.ts";

test.each([
  [{ level: 0, n: 0, width: 256 }, "tile/0/000"],
  [{ level: 0, n: 1_234_067, width: 256 }, "tile/0/x001/x234/067"],
  [{ level: 1, n: 1, width: 17 }, "tile/1/001.p/17"],
  [{ level: "entries", n: 273, width: 112 }, "tile/entries/273.p/112"],
  [{ level: 63, n: 1_000, width: 1 }, "tile/63/x001/000.p/1"],
] as const)("%j stands at %s, and nowhere else", (place, path) => {
  expect(tilePath(place)).toBe(path);
  expect(parseTilePath(path)).toEqual(place);
});

test.each([
  "tile/0/0",
  "tile/0/0000",
  "tile/0/x000/001",
  "tile/0/001/002",
  "tile/0/000.p/0",
  "tile/0/000.p/256",
  "tile/0/000.p/007",
  "tile/64/000",
  "tile/00/000",
  "tile/data/000",
  "tile/0/000/",
  "../tile/0/000",
])("%s is no tile", (path) => {
  expect(parseTilePath(path)).toBeNull();
});

test("70,000 leaves fill the tiles of the specification's example", () => {
  expect([0, 1, 2, 3].map((level) => lastTile(level, 70_000))).toEqual([
    { level: 0, n: 273, width: 112 },
    { level: 1, n: 1, width: 17 },
    { level: 2, n: 0, width: 1 },
    undefined,
  ]);
  expect([hashesAt(1, 70_000), hashesAt(2, 70_000)]).toEqual([273, 1]);
  expect(lastTile(0, 512)).toEqual({ level: 0, n: 1, width: 256 });
});

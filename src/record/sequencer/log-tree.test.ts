import { hash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashLeaf, rootOf } from "../../contract/proofs/merkle.ts";
import { lastTile } from "../../contract/proofs/tiles.ts";
import { LogTree, sha256, type Tile } from "./log-tree.ts";

const leafHashes = (from: number, count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) =>
    Buffer.from(hashLeaf(sha256, Buffer.from(String(from + index)))),
  );

/** Keeps tiles as the table does: what is written again replaces what was there. */
class Tiles {
  readonly #tiles = new Map<string, Tile>();

  keep(tiles: readonly Tile[]): void {
    for (const tile of tiles) this.#tiles.set(`${tile.level}/${tile.n}`, tile);
  }

  /** The partial tiles of a tree, as they are read back. */
  edge(size: number): Tile[] {
    return [0, 1, 2].flatMap((level) => {
      const last = lastTile(level, size);
      const tile = this.#tiles.get(`${level}/${last?.n}`);
      return last === undefined || last.width === 256 || tile === undefined ? [] : [tile];
    });
  }

  get(level: number, n: number): Buffer | undefined {
    return this.#tiles.get(`${level}/${n}`)?.hashes;
  }
}

describe("a tree that grows", () => {
  test("has the root of RFC 6962 at every size, however it was added to and read back", () => {
    const tiles = new Tiles();
    const all: Buffer[] = [];
    let tree = new LogTree(0, []);
    const steps = [1, 1, 5, 248, 1, 1, 254, 1, 300, 700, 3];
    for (const count of steps) {
      const added = leafHashes(all.length, count);
      all.push(...added);
      tiles.keep(tree.append(added));
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(rootOf(sha256, all)));
      tree = new LogTree(all.length, tiles.edge(all.length));
      expect(Buffer.from(tree.root())).toEqual(Buffer.from(rootOf(sha256, all)));
    }
  });

  test("has the tiles of the reference log of 70,000 entries, and its roots", () => {
    const entry = (index: number): string => {
      const c = hash("sha256", `salt${index}`, "base64");
      return JSON.stringify({ i: index, c });
    };
    const hashes = Array.from({ length: 70_000 }, (_, index) =>
      Buffer.from(hashLeaf(sha256, Buffer.from(entry(index)))),
    );
    const tiles = new Tiles();
    const tree = new LogTree(0, []);
    tiles.keep(tree.append(hashes.slice(0, 300)));
    expect(Buffer.from(tree.root()).toString("base64")).toBe(
      "1ww6c5XnW0PzFQUTeH4zokikOpr3bpKo697P8dcn9z8=",
    );
    tiles.keep(tree.append(hashes.slice(300)));
    expect(Buffer.from(tree.root()).toString("base64")).toBe(
      "1Wz5vwrYlD/iG+zGHj0T6tQG5DfSEptttTqb23dirMk=",
    );
    expect(hash("sha256", tiles.get(0, 0) ?? Buffer.alloc(0))).toBe(
      "f6b6cf1078a95843e2857a66e6caaae912e20087a08e2c5f1322b83188f56316",
    );
    expect(
      [tiles.get(0, 273), tiles.get(1, 1), tiles.get(2, 0)].map((tile) => tile?.length),
    ).toEqual([112 * 32, 17 * 32, 32]);
  });
});

test("a tile that does not fit the size is no tile of it", () => {
  expect(() => new LogTree(3, [{ level: 0, n: 0, hashes: Buffer.alloc(64) }])).toThrow(
    "does not fit",
  );
});

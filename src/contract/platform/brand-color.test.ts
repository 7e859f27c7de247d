import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  contrastOf,
  DARK_BACKGROUND,
  darkFillOf,
  judgeColor,
  parseColor,
  shadesOf,
  TEXT_CONTRAST,
} from "./brand-color.ts";

const colors = fc
  .integer({ min: 0, max: 0xff_ff_ff })
  .map((number) => `#${number.toString(16).padStart(6, "0")}`);

describe("contrastOf", () => {
  // Published examples of WCAG's formula.
  test.each([
    ["#000000", "#ffffff", 21],
    ["#ffffff", "#ffffff", 1],
    ["#767676", "#ffffff", 4.54],
    ["#777777", "#ffffff", 4.48],
    ["#ff0000", "#ffffff", 4],
  ])("%s against %s is %s", (one, other, ratio) => {
    expect(contrastOf(one, other)).toBeCloseTo(ratio, 1);
    expect(contrastOf(other, one)).toBe(contrastOf(one, other));
  });
});

describe("judgeColor", () => {
  test("lets pass what can be read on white, and leaves it as it is", () => {
    expect(judgeColor("#1f4e8c")).toMatchObject({ passes: true, nearest: "#1f4e8c" });
    expect(judgeColor("#000000").passes).toBe(true);
  });

  test("refuses what cannot, and proposes something near", () => {
    expect(judgeColor("#777777")).toMatchObject({ passes: false, nearest: "#767676" });
    expect(judgeColor("#ffff00").passes).toBe(false);
  });

  test("what it proposes passes, whatever the colour", () => {
    fc.assert(
      fc.property(colors, (color) => {
        const { nearest } = judgeColor(color);
        expect(judgeColor(nearest).passes).toBe(true);
        expect(contrastOf(nearest, "#ffffff")).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }),
      { numRuns: 500 },
    );
  });
});

describe("shades of a colour that passes", () => {
  test("are readable wherever the panel uses them, in both schemes", () => {
    fc.assert(
      fc.property(colors, (given) => {
        const color = judgeColor(given).nearest;
        const shades = shadesOf(color);
        expect(shades[7]).toBe(color);
        for (const shade of [shades[7], shades[8], shades[9]])
          expect(contrastOf(shade, "#ffffff")).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        for (const shade of [shades[2], shades[3]])
          expect(contrastOf(shade, DARK_BACKGROUND)).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(contrastOf(shades[9], shades[0])).toBeGreaterThanOrEqual(TEXT_CONTRAST);
        expect(contrastOf(darkFillOf(color), "#ffffff")).toBeGreaterThanOrEqual(TEXT_CONTRAST);
      }),
      { numRuns: 500 },
    );
  });

  test("go from light to dark", () => {
    const onBlack = shadesOf("#8c1f4e").map((shade) => contrastOf(shade, "#000000"));
    expect(onBlack).toEqual(onBlack.toSorted((a, b) => b - a));
  });
});

test("colours are read as people write them", () => {
  expect(["#ABC", "aabbcc", " #A1b2C3 "].map(parseColor)).toEqual([
    "#aabbcc",
    "#aabbcc",
    "#a1b2c3",
  ]);
  for (const text of ["", "red", "#12", "#1234", "#12345g", "rgb(0,0,0)"])
    expect(parseColor(text)).toBeNull();
});

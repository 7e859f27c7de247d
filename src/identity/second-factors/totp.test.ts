import { createHmac } from "node:crypto";
import { Secret } from "otpauth";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode } from "uqr";
import { matchTotp, newTotpSecret, otpauthUrl, qrSvg } from "./totp.ts";

// RFC 6238, appendix B, SHA-1: the seed is the ASCII text "12345678901234567890"; of its eight digits we use six.
const rfcSecret = Secret.fromLatin1("12345678901234567890").base32;
const rfcVectors = [
  [59, "94287082"],
  [1111111109, "07081804"],
  [1111111111, "14050471"],
  [1234567890, "89005924"],
  [2000000000, "69279037"],
  [20000000000, "65353130"],
] as const;

describe("matchTotp", () => {
  test.each(rfcVectors)("finds RFC 6238's code of second %i", (second, eightDigits) => {
    const step = Math.floor(second / 30);
    expect(matchTotp(rfcSecret, eightDigits.slice(2), second * 1000)).toBe(step);
  });

  test("accepts a code from one step before to one step after its own, and no further", () => {
    const code = "050471"; // of step 37037037
    const start = 37037037 * 30_000;
    const isAccepted = (ms: number) => matchTotp(rfcSecret, code, start + ms) === 37037037;
    expect([-30_001, -30_000, 0, 29_999, 59_999, 60_000].map(isAccepted)).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test("works in the first step of all, which has none before it", () => {
    expect(matchTotp(rfcSecret, "755224", 0)).toBe(0); // RFC 4226, appendix D, count 0
  });

  test.each(["287 082", " 287082 ", "28 70 82\n", "287\u00a0082"])(
    "tolerates spaces: %j",
    (typed) => {
      expect(matchTotp(rfcSecret, typed, 59_000)).toBe(1);
    },
  );

  // Steps 59061240 and 59061241 of this secret share a code: used in the first, it must not pass in the second.
  test("gives the earlier of two steps that share a code", () => {
    const [first, second] = [59061240, 59061241];
    expect([liveCode(first * 30_000), liveCode(second * 30_000)]).toEqual([963181, 963181]);
    expect(matchTotp(rfcSecret, "963181", second * 30_000)).toBe(first);
  });

  // T10: no empty, odd or foreign input passes, whatever it looks like.
  test.each([
    "",
    "      ",
    "28708",
    "2870820",
    "94287082",
    "287-082",
    "+287082",
    "287082.0",
    "0x46161",
    "٢٨٧٠٨٢",
    "２８７０８２",
    "287082\u0000",
    `287082${" ".repeat(100)}`,
  ])("refuses %j", (typed) => {
    expect(matchTotp(rfcSecret, typed, 59_000)).toBeNull();
  });

  test("accepts none but the three live codes of a million", () => {
    const accepted = new Set<number>();
    const now = 1111111109000;
    fc.assert(
      fc.property(fc.nat(999_999), (guess) => {
        const step = matchTotp(rfcSecret, String(guess).padStart(6, "0"), now);
        if (step !== null) accepted.add(guess);
      }),
      { numRuns: 3000 },
    );
    const live = [-30_000, 0, 30_000].map((ms) => liveCode(now + ms));
    expect([...accepted].filter((guess) => !live.includes(guess))).toEqual([]);
  });

  test("finds its own code in any step, and another secret does not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (nowMs) => {
        const code = String(liveCode(nowMs)).padStart(6, "0");
        expect(matchTotp(rfcSecret, code, nowMs)).toBeLessThanOrEqual(Math.floor(nowMs / 30_000));
      }),
    );
    expect(matchTotp(newTotpSecret(), "287082", 59_000)).toBeNull();
  });
});

/** The code of that moment by an implementation of our own, straight from RFC 4226 §5.3. */
function liveCode(nowMs: number): number {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000)));
  const digest = createHmac("sha1", "12345678901234567890").update(counter).digest();
  const offset = digest.readUInt8(19) & 0xf;
  return (digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000;
}

describe("newTotpSecret", () => {
  test("is 160 bits in base32 without padding, never the same twice", () => {
    const secrets = Array.from({ length: 200 }, () => newTotpSecret());
    for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    expect(new Set(secrets).size).toBe(200);
  });
});

describe("otpauthUrl", () => {
  test("names issuer, account and all parameters", () => {
    const url = otpauthUrl({ secret: rfcSecret, issuer: "Sallyport", account: "ada@example.test" });
    expect(url).toBe(
      `otpauth://totp/Sallyport:ada%40example.test?issuer=Sallyport&secret=${rfcSecret}&algorithm=SHA1&digits=6&period=30`,
    );
  });

  test("cannot be made to carry other parameters or another issuer", () => {
    const account = "ada&secret=AAAA#?x:y@example.test";
    const url = new URL(otpauthUrl({ secret: rfcSecret, issuer: "localhost:7700", account }));
    expect(url.searchParams.getAll("secret")).toEqual([rfcSecret]);
    expect(url.searchParams.get("issuer")).toBe("localhost 7700");
    expect(decodeURIComponent(url.pathname)).toMatch(/^\/*(?:totp\/)?localhost 7700:ada&[^:]*$/);
    expect(url.hash).toBe("");
  });
});

describe("qrSvg", () => {
  const url = otpauthUrl({ secret: rfcSecret, issuer: "Sallyport", account: "ada@example.test" });
  const svg = qrSvg(url);
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]);
  const bars = [...svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\3z/g)].map((bar) =>
    bar.slice(1).map(Number),
  );
  const isDark = (x: number, y: number) =>
    bars.some(([left = 0, top, length = 0]) => top === y && x >= left && x < left + length);

  test("is one named image on white, without script, style or reference", () => {
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^<]* role="img" aria-label="[^"]+"/,
    );
    expect(svg).toContain(`<rect width="${size}" height="${size}" fill="#fff"/>`);
    expect(svg.replace("http://www.w3.org/2000/svg", "")).not.toMatch(
      /href|url\(|style|script|on\w+=|:\/\//,
    );
  });

  test("keeps four light modules around it and has its three finders in the corners", () => {
    const last = size - 4 - 7;
    const middles = [
      [4, 7],
      [last, 7],
      [4, last + 3],
    ].map(([left = 0, y = 0]) =>
      [0, 1, 2, 3, 4, 5, 6].map((i) => (isDark(left + i, y) ? "#" : " ")).join(""),
    );
    expect(middles).toEqual(["# ### #", "# ### #", "# ### #"]);
    const outside = bars.filter(
      ([left = 0, top = 0, length = 0]) =>
        left < 4 || top < 4 || left + length > size - 4 || top >= size - 4,
    );
    expect(outside).toEqual([]);
    expect(bars.length).toBeGreaterThan(100);
  });

  test("draws exactly the dark modules of the code", () => {
    const drawn = Array.from({ length: size }, (_, y) =>
      Array.from({ length: size }, (__, x) => isDark(x, y)),
    );
    expect(drawn).toEqual(encode(url, { ecc: "M", border: 4 }).data);
  });

  test("does not carry its text in clear", () => {
    expect(svg).not.toContain(rfcSecret);
  });
});

import { describe, expect, test } from "vitest";
import { checkWitnesses } from "../../src/contract/proofs/cosignatures.ts";
import { COSIGNATURE_V1, formatVerifierKey, keyIdOf } from "../../src/contract/proofs/note.ts";
import { isQuorumMet, parsePolicy } from "../../src/contract/proofs/policy.ts";
import { proofCrypto } from "../../src/platform/crypto/proof-crypto.ts";

const { sha256 } = proofCrypto;

/* A checkpoint of the 8-leaf test tree, cosigned by the key of "TEST 2" of RFC 8032 §7.1. */
const WITNESS = "witness.example.test+75c7b49e+BD1AF8PoQ4lakrcKp00bfrycmCzPLsSWjMDNVfEq9GYM";
const CHECKPOINT = `sec.example.test/audit/1
8
XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=

\u2014 sec.example.test/audit/1 HpB7sjuvfDygyTIS7gUMTmNr4zmKsrgWeE6+NpAqgbQJ6wN7c1vC7OKgm4/r/O/z/9wfSGMhE7rfyQ7VhIbmbnbaagA=
\u2014 witness.example.test dce0ngAAAABpVbkAOWgNwXs9I5I2oPH5p9VBBjRP0a+X6yzkcSEi8xZ7VENaDTKhq0nFhnQEG/PdVlggJ0siX70Juw97cIwp76k1AQ==
`;

/** Keys nobody has: policies need well-formed ones. */
function keyNumber(number: number): string {
  const key = {
    name: `w${number}.example.test`,
    type: COSIGNATURE_V1,
    publicKey: Uint8Array.from({ length: 32 }, () => number),
  };
  return formatVerifierKey({ ...key, keyId: keyIdOf(sha256, key) });
}

const policyOf = (...lines: string[]) => parsePolicy(sha256, `${lines.join("\n")}\n`);
const witness = (number: number, url = "") => `witness w${number} ${keyNumber(number)} ${url}`;

describe("a cosignature", () => {
  const policy = policyOf(`witness one ${WITNESS}`, "quorum one");

  test("of the vector holds, and says when", async () => {
    expect(await checkWitnesses(proofCrypto, CHECKPOINT, policy)).toEqual({
      signed: [{ name: "one", at: new Date(1_767_225_600_000) }],
      forged: [],
      isMet: true,
    });
  });

  // Attack: another time, another tree, another witness's name over the same bytes.
  test.each([
    ["another time", CHECKPOINT.replace("dce0ngAAAABpVbkA", "dce0ngAAAABpVbkB")],
    ["another size", CHECKPOINT.replace("\n8\n", "\n9\n")],
    ["a bit of the signature", CHECKPOINT.replace("76k1AQ==", "76k1Ag==")],
  ])("does not hold with %s", async (_, forged) => {
    const report = await checkWitnesses(proofCrypto, forged, policy);
    expect(report).toEqual({ signed: [], forged: ["one"], isMet: false });
  });

  test("of somebody unknown counts for nothing and harms nothing", async () => {
    const others = policyOf(witness(1), "quorum w1");
    const report = await checkWitnesses(proofCrypto, CHECKPOINT, others);
    expect(report).toEqual({ signed: [], forged: [], isMet: false });
  });

  test.each(["nothing", CHECKPOINT.replace("Juw97cIwp76k1AQ==", "")])(
    "is none where there is no note: %j",
    async (text) => {
      expect((await checkWitnesses(proofCrypto, text, policy)).isMet).toBe(false);
    },
  );
});

describe("a policy", () => {
  const policy = policyOf(
    "# ours",
    `log ${WITNESS}`,
    witness(1, "https://one.example.test/"),
    `\t${witness(2)}`,
    witness(3, "http://127.0.0.1:8080/w"),
    "group two 2 w1 w2 w3",
    "group both all two w1",
    "",
    "quorum both",
  );

  test("knows its witnesses and where they are", () => {
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ["w1", "https://one.example.test"],
      ["w2", null],
      ["w3", "http://127.0.0.1:8080/w"],
    ]);
  });

  test.each([
    [[], false],
    [["w1"], false],
    [["w2", "w3"], false],
    [["w1", "w3"], true],
    [["w1", "w2", "w3"], true],
  ])("%j are enough: %s", (signed, isEnough) => {
    expect(isQuorumMet(policy, new Set(signed))).toBe(isEnough);
  });

  test("any and none", () => {
    const any = policyOf(witness(1), witness(2), "group one any w1 w2", "quorum one");
    expect(isQuorumMet(any, new Set(["w2"]))).toBe(true);
    expect(isQuorumMet(any, new Set())).toBe(false);
    expect(isQuorumMet(policyOf(witness(1), "quorum none"), new Set())).toBe(true);
  });

  test.each([
    [[witness(1)], "line 2: there is no quorum line"],
    [["quorum w1"], "line 1: w1 is no witness, group or none"],
    [["quorum none", "quorum none"], "line 2: there is a quorum already"],
    [[witness(1), witness(1)], "line 2: w1 has the key of another witness"],
    [[witness(1), witness(2).replace("w2 ", "w1 ")], "line 2: it needs a name of its own"],
    [[witness(1).replace("+BA", "+AA"), "quorum none"], "line 1: w1 has no verifier key"],
    [[witness(1, "ftp://w"), "quorum none"], "line 1: the address of w1"],
    [[witness(1), "group g all w1 w2"], "line 2: w2 is named by no line before it"],
    [[witness(1), "group g all g"], "line 2: g is named by no line before it"],
    [[witness(1), "group g 2 w1"], "line 2: 2 is not any, all or 1 to 1"],
    [[witness(1), "group g all w1 w1"], "line 2: g needs 1 to 64 members, each once"],
    [[witness(1), "group w1 all w1"], "line 2: it needs a name of its own"],
    [["witnesses w"], "line 1: it begins with none of log, witness, group, quorum"],
    [["constructor w"], "line 1: it begins with none of"],
    [["log me"], "line 1: its log has no verifier key"],
  ])("%j is refused: %s", (lines, why) => {
    expect(() => policyOf(...lines)).toThrow(why);
  });
});

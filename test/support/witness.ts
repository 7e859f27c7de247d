import { generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { concat, toBase64 } from "../../src/contract/proofs/bytes.ts";
import {
  cosignedMessage,
  COSIGNATURE_V1,
  formatVerifierKey,
  keyIdOf,
  parseNote,
  type VerifierKey,
} from "../../src/contract/proofs/note.ts";
import { sha256 } from "../../src/record/sequencer/log-tree.ts";

/**
 * A witness that can be told how to misbehave: it signs whatever it is given, unless `answer` says
 * otherwise. Whether a log is checked by one that is none of ours, sigsum-witness.test.ts shows.
 */
export type TestWitness = {
  name: string;
  /** Its line in a policy. */
  line: string;
  /** What it was sent, newest last. */
  asked: string[];
  /** Null: it signs. */
  answer: ((reply: ServerResponse, body: string) => void) | null;
  /** Its signature line of a checkpoint, by its clock. */
  sign(checkpoint: string, atSeconds?: number): string;
  stop(): Promise<void>;
};

export async function startWitness(name: string): Promise<TestWitness> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = witnessKey(`${name}.example.test`, publicKey);
  const server = createServer((request, reply) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      witness.asked.push(body);
      if (witness.answer !== null) return witness.answer(reply, body);
      reply.end(witness.sign(body.slice(body.indexOf("\n\n") + 2)));
    });
  });
  const witness: TestWitness = {
    name,
    line: `witness ${name} ${formatVerifierKey(key)} ${await listen(server)}`,
    asked: [],
    answer: null,
    sign: (checkpoint, atSeconds = Math.floor(Date.now() / 1000)) => {
      const text = parseNote(checkpoint)?.text ?? "";
      return signatureLine(key, privateKey, { text, atSeconds });
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return witness;
}

function witnessKey(name: string, publicKey: KeyObject): VerifierKey {
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const key = { name, type: COSIGNATURE_V1, publicKey: Uint8Array.from(raw) };
  return { ...key, keyId: keyIdOf(sha256, key) };
}

function signatureLine(
  { name, keyId }: VerifierKey,
  privateKey: KeyObject,
  { text, atSeconds }: { text: string; atSeconds: number },
): string {
  const time = new Uint8Array(8);
  new DataView(time.buffer).setBigUint64(0, BigInt(atSeconds));
  const signature = sign(null, cosignedMessage(text, atSeconds), privateKey);
  return `\u2014 ${name} ${toBase64(concat(keyId, time, signature))}\n`;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

import Fastify from "fastify";
import { DecisionAnswer, DecisionQuestion } from "../../src/contract/access/decisions.ts";

/** The floor: the same route, body, schema and reply, without look-up or record. */
const app = Fastify();
app.get("/readyz", async () => ({ ok: true }));
app.post(
  "/v1/decisions",
  { schema: { body: DecisionQuestion, response: { 200: DecisionAnswer } } },
  async () => ({
    allowed: true,
    reason: "allowed" as const,
    entryId: "20260301-1-1234567-12",
    accountId: "01890000-0000-7000-8000-000000000000",
    credentialId: "abcdefABCDEF",
    role: "editor",
  }),
);
await app.listen({ port: Number(process.env["BENCH_PORT"]), host: "127.0.0.1" });
process.once("SIGTERM", () => void app.close());

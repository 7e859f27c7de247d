import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { addPerson } from "../../test/builders/people.ts";
import { startHarness, type Harness } from "../../test/harness.ts";
import { systemContext } from "../../src/context.ts";
import { operatorAddCommand } from "./operator-add.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(async () => h.stop());

const run = async (...given: string[]) => {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    const command = operatorAddCommand(async () => systemContext(h.services, "operator add"));
    await command.exitOverride().parseAsync(["add", ...given], { from: "user" });
    return write.mock.calls.map(([text]) => String(text)).join("");
  } finally {
    write.mockRestore();
  }
};

test("operator add makes the account operator and says so, for people and for programs", async () => {
  const [first, second] = [await addPerson(h), await addPerson(h)];
  expect(await run("--email", first.email)).toBe(
    `${first.email} is an operator now. All operators were told.\n`,
  );
  expect(JSON.parse(await run("--email", second.email, "--json"))).toEqual({ email: second.email });
  const reply = await h.call("GET", "/v1/operator/health", { as: second.headers });
  expect(reply.status).toBe(200);
});

test("operator add refuses an address without an account", async () => {
  await expect(run("--email", "nobody@example.test")).rejects.toMatchObject({ code: "not-found" });
});

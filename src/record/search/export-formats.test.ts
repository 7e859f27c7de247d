import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson, type Person } from "../../../test/builders/people.ts";
import { startHarness, type Harness } from "../../../test/harness.ts";

let h: Harness;
let person: Person;
beforeAll(async () => {
  h = await startHarness({ isFiling: false });
  person = await addPerson(h);
  for (const displayName of ["Ann", "Bob", "Cleo"])
    await h.call("PATCH", "/v1/account", { as: person.headers, body: { displayName } });
});
afterAll(async () => h.stop());

const exported = (query: string) =>
  h.call("GET", `/v1/audit/export?action=account.*&${query}`, { as: person.headers });

const lines = (text: string) =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));

test("OCSF events are the entries of the same export, in the same order", async () => {
  const { text } = await exported("format=ndjson");
  const reply = await exported("format=ocsf");
  expect(lines(reply.text).map(({ metadata }) => metadata.uid)).toEqual(
    lines(text).map(({ id }) => id),
  );
  expect(reply.headers).toMatchObject({
    "content-type": "application/x-ndjson",
    "content-disposition": expect.stringContaining(".ocsf.ndjson"),
  });
});

test("a bundle is refused while nothing is signed, and takes nobody's place meanwhile", async () => {
  for (let turn = 0; turn < 4; turn++) {
    const { status, body, headers } = await exported("format=bundle");
    expect([status, body.code, headers["retry-after"]]).toEqual([409, "not-proven-yet", "2"]);
  }
});

test.each(["0", "-1", "1.5", "x", "1".repeat(16)])(
  "no log has %s leaves to go on from",
  async (sinceSize) => {
    const { status, body } = await exported(`format=bundle&sinceSize=${sinceSize}`);
    expect([status, body.errors[0].pointer]).toEqual([400, "/sinceSize"]);
  },
);

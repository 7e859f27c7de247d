import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "../../../test/builders/people.ts";
import { startHarness, type Harness, type Headers } from "../../../test/harness.ts";
import { MAX_SAVED_FILTERS } from "../../contract/record/saved-filters.ts";

let h: Harness;
beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

const URL = "/v1/audit/saved-filters";
const keep = (as: Headers, name: string, query = "view=all") =>
  h.call("POST", URL, { as, body: { name, query } });
const namesOf = async (as: Headers): Promise<string[]> => {
  const { body } = await h.call("GET", URL, { as });
  return body.filters.map(({ name }: { name: string }) => name);
};

test("a filter is kept, renamed and forgotten, each on record", async () => {
  const { headers } = await addPerson(h);
  const { status, body } = await keep(headers, "  Refused at night ", "outcome=refused");
  expect([status, body.name, body.query]).toEqual([201, "Refused at night", "outcome=refused"]);
  const renamed = await h.call("PATCH", `${URL}/${body.id}`, {
    as: headers,
    body: { name: "Refusals" },
  });
  expect([renamed.status, renamed.body]).toEqual([200, { ...body, name: "Refusals" }]);
  expect(await namesOf(headers)).toEqual(["Refusals"]);
  expect((await h.call("DELETE", `${URL}/${body.id}`, { as: headers })).status).toBe(204);
  expect(await namesOf(headers)).toEqual([]);
  const mine = (await h.entries()).filter(({ targets }) =>
    targets?.some(({ id }) => id === body.id),
  );
  expect(mine.map(({ action, outcome }) => [action, outcome])).toEqual([
    ["saved-filter.created", "done"],
    ["saved-filter.renamed", "done"],
    ["saved-filter.deleted", "done"],
  ]);
});

test("one of a name, also of a hundred at once", async () => {
  const { headers } = await addPerson(h);
  const replies = await Promise.all(Array.from({ length: 100 }, () => keep(headers, "Mine")));
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
  expect(replies.filter(({ body }) => body.code === "name-taken")).toHaveLength(99);
  const { body } = await keep(headers, "Other");
  const renamed = await h.call("PATCH", `${URL}/${body.id}`, {
    as: headers,
    body: { name: "Mine" },
  });
  expect([renamed.status, renamed.body.code]).toEqual([409, "name-taken"]);
});

test("an account keeps so many and no more", async () => {
  const { headers } = await addPerson(h);
  const replies = await Promise.all(
    Array.from({ length: MAX_SAVED_FILTERS + 10 }, (_, index) => keep(headers, `Filter ${index}`)),
  );
  expect(replies.filter(({ status }) => status === 201)).toHaveLength(MAX_SAVED_FILTERS);
  expect(replies.filter(({ body }) => body.code === "limit-reached")).toHaveLength(10);
});

test("somebody else's is as one that does not exist", async () => {
  const [one, other] = [await addPerson(h), await addPerson(h)];
  const { body } = await keep(one.headers, "Private");
  const nowhere = "01890000-0000-7000-8000-000000000000";
  const answers = [];
  for (const id of [body.id, nowhere]) {
    const renamed = await h.call("PATCH", `${URL}/${id}`, {
      as: other.headers,
      body: { name: "Taken" },
    });
    const deleted = await h.call("DELETE", `${URL}/${id}`, { as: other.headers });
    answers.push([renamed.status, renamed.body.code, deleted.status, deleted.body.code]);
  }
  expect(answers[0]).toEqual([404, "not-found", 404, "not-found"]);
  expect(answers[1]).toEqual(answers[0]);
  expect(await namesOf(other.headers)).toEqual([]);
  expect(await namesOf(one.headers)).toEqual(["Private"]);
});

test.each([
  [{ name: " ", query: "" }, "/name"],
  [{ name: "a".repeat(81), query: "" }, "/name"],
  [{ name: "a", query: "a b" }, "/query"],
  [{ name: "a", query: "a".repeat(2001) }, "/query"],
])("%j is refused at its field", async (body, pointer) => {
  const { headers } = await addPerson(h);
  const reply = await h.call("POST", URL, { as: headers, body });
  expect([reply.status, reply.body.errors[0].pointer]).toEqual([400, pointer]);
});

import { loadavg } from "node:os";
import { machine, openLab, type Server } from "./lab.ts";
import { othersAction, rare } from "./search-shapes.ts";
import { seedSearch, type SearchSeed } from "./seed-search.ts";

const FEW = 100_000;
const MANY = 10_000_000;
const PORT = 27_795;
/** Questions of each kind; the first are not counted. */
const ASKED = 60;
const WARMING = 5;
/** What somebody waits for at most, ms, and how much longer it may take with a hundred times as many entries. */
const GOAL_MS = 100;
const GOAL_RATIO = 1.5;

/**
 * How long a search takes in a log of ten million important entries, and against one of a hundred thousand: each
 * kind of question through the route, by who owns the organisation with six of ten of them.
 */
export async function benchSearch(
  _seconds: number,
  tell: (line: string) => void,
  entries = MANY,
): Promise<object> {
  const few = await measure(Math.min(FEW, entries), tell);
  const many = entries > FEW ? await measure(entries, tell) : few;
  const results = Object.fromEntries(
    Object.entries(many).map(([name, times]) => [name, compare(few[name], times)]),
  );
  const slow = Object.entries(many).filter(([, times]) => times.p95 >= GOAL_MS);
  const growing = Object.entries(many).filter(
    ([name, times]) => times.p95 > GOAL_RATIO * (few[name]?.p95 ?? 0),
  );
  return {
    ...results,
    [`p95 of ${GOAL_MS} ms or more`]: namesOf(slow),
    [`p95 more than ${GOAL_RATIO} times`]: namesOf(growing),
    machine: machine(),
    load: loadavg()[0]?.toFixed(1),
  };
}

type Times = { best: number; p50: number; p95: number; found: string };

const namesOf = (some: readonly [string, unknown][]): string =>
  some.length === 0 ? "none" : some.map(([name]) => name).join("; ");

const compare = (few: Times | undefined, many: Times): string =>
  few === undefined
    ? "?"
    : `p50 ${many.p50.toFixed(1)} p95 ${many.p95.toFixed(1)} ms (few: ${few.p50.toFixed(1)}, ${few.p95.toFixed(1)}; p95 ${(many.p95 / few.p95).toFixed(2)} times); ${many.found}`;

async function measure(
  count: number,
  tell: (line: string) => void,
): Promise<Record<string, Times>> {
  const lab = await openLab({ isPinned: false });
  try {
    const seed = await seedSearch(lab, count, tell);
    // Without a sequencer: bringing ten million entries into the public log takes longer than all of this.
    const env = { SALLYPORT_ROLES: "web,worker" };
    const server = await lab.startSallyport(PORT, { isPinned: false, env });
    try {
      const results: Record<string, Times> = {};
      for (const [name, question] of questionsOf(seed)) {
        const times = await ask(server, question);
        results[name] = times;
        tell(
          `${count}: ${name}: p50 ${times.p50.toFixed(1)} p95 ${times.p95.toFixed(1)} ms, ${times.found}`,
        );
      }
      return results;
    } finally {
      await server.stop();
    }
  } finally {
    await lab.stop();
  }
}

type Question = { as: string; query: (turn: number) => Record<string, string>; path?: string };

/** Each kind of question, with other values each time where there are such. */
export function questionsOf(seed: SearchSeed): [string, Question][] {
  const important = (
    query: Record<string, string> | ((turn: number) => Record<string, string>),
    as = seed.big,
  ): Question => ({
    as,
    query: (turn) => ({
      class: "important",
      ...(typeof query === "function" ? query(turn) : query),
    }),
  });
  const routine = (query: Record<string, string>): Question => ({
    as: seed.big,
    query: () => ({ class: "routine", ...query }),
  });
  const at = (ms: number) => new Date(ms).toISOString();
  const hour = (turn: number) => seed.middleMs + turn * 3_600_000;
  const before = (turn: number) => ({ to: at(hour(turn)) });
  return [
    ["first page", important({})],
    ["first page, a small organisation", important({}, seed.small)],
    ["page in the middle", important((turn) => ({ cursor: cursorAt(hour(turn)) }))],
    [
      "page in the middle, with a filter",
      important((turn) => ({ cursor: cursorAt(hour(turn)), action: "role.changed" })),
    ],
    ["app", important({ app: seed.app })],
    ["time, one hour", important((turn) => ({ from: at(hour(turn)), ...before(turn + 1) }))],
    ["person, common", important({ actor: seed.person })],
    ["person, rare", important({ actor: seed.rarePerson })],
    ["person, did it or had it done", important({ person: seed.rarePerson })],
    ["person, absent", important({ actor: "0196c0de-0000-7000-8000-0000000000aa" })],
    ["action, common", important({ action: "role.changed" })],
    ["action, all of a noun", important({ action: "key.*" })],
    ["action, rare", important({ action: rare.action })],
    ["action, of others alone", important({ action: othersAction })],
    ["action, absent", important({ action: "erasure.asked" })],
    ["outcome, common", important({ outcome: "refused" })],
    ["outcome, failed", important({ outcome: "failed" })],
    ["reason, common", important({ reason: "address-not-allowed" })],
    ["reason, absent", important({ reason: "forbidden" })],
    ["credential, common", important({ credential: seed.key })],
    ["credential, rare", important({ credential: rare.key })],
    ["credential, absent", important({ credential: "nobodys-key" })],
    ["address, common", important({ address: seed.address })],
    ["address, rare", important({ address: rare.address })],
    ["address, absent", important({ address: "192.0.2.1" })],
    ["network, common", important({ address: "203.0.0.0/16" })],
    ["network, rare", important({ address: rare.network })],
    ["network, absent", important({ address: "2001:db8::/32" })],
    ["request", important({ requestId: seed.requestId })],
    ["text, common", important({ text: "Production" })],
    ["text, part of a word", important({ text: "roductio" })],
    ["text, two words", important({ text: "production 7" })],
    ["text, rare", important({ text: rare.word })],
    ["text, absent", important({ text: "xyzzy plugh" })],
    ["text, an id", important({ text: seed.requestId })],
    ["text, in the middle", important((turn) => ({ text: "production 17", ...before(turn) }))],
    ["two, common", important({ action: "role.changed", actor: seed.person })],
    ["two, common and rare", important({ outcome: "done", credential: rare.key })],
    ["two, never together", important({ action: "role.changed", outcome: "failed" })],
    ["text and action", important({ text: "production 7", action: "key.created" })],
    ["text and time", important((turn) => ({ text: rare.word, ...before(turn) }))],
    ["routine, app", routine({ app: seed.app })],
    ["routine, credential", routine({ credential: seed.key })],
    ["routine, credential, absent", routine({ credential: rare.key })],
    [
      "routine, time",
      routine({ from: at(Date.now() - 20 * 86_400_000), to: at(Date.now() - 19 * 86_400_000) }),
    ],
    ["saved filters", { as: seed.big, query: () => ({}), path: "saved-filters" }],
  ];
}

/** As the server writes them: this place and before. */
const cursorAt = (ms: number): string => Buffer.from(`1.${ms}.3.1.0`).toString("base64url");

export async function ask(
  { url }: Server,
  { as, query, path = "entries" }: Question,
): Promise<Times> {
  const times: number[] = [];
  let found = "";
  for (let turn = 0; turn < ASKED + WARMING; turn++) {
    const began = performance.now();
    const reply = await fetch(
      `${url}/v1/audit/${path}?${new URLSearchParams(query(turn)).toString()}`,
      {
        headers: { cookie: `sallyport_session=${as}` },
      },
    );
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${JSON.stringify(query(turn))}: ${reply.status} ${text}`);
    if (turn >= WARMING) times.push(performance.now() - began);
    found = told(JSON.parse(text));
  }
  return { best: Math.min(...times), p50: quantile(times, 0.5), p95: quantile(times, 0.95), found };
}

function told({
  entries,
  nextCursor,
}: {
  entries?: unknown[];
  nextCursor?: string | null;
}): string {
  if (entries === undefined) return "the list";
  const hasMore = typeof nextCursor === "string";
  return `${entries.length} found${hasMore ? ", a cursor" : ""}`;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

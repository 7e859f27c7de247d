import { countSubjects, type Count } from "../../contract/proofs/count-map.ts";
import { asUuid, uuidsIn } from "../entries/storable.ts";

/** What is new since the last map: how many entries more, and the leaf with the last of them. */
export type News = Map<string, Count>;

/**
 * Adds a batch's entries to what is new of everybody whom they are counted for. A part that can't be read (it was
 * erased, or the batch is not as it was written) is counted for nobody.
 *
 * @param payload as docs/record.md describes it; parts that say nothing here are not even parsed.
 */
export function addBatch(news: News, payload: Buffer, leaf: number): void {
  const text = payload.toString("utf8");
  if (!text.startsWith("c")) return;
  // No part but a core begins with c, and no part holds a line break.
  for (const parts of text.slice(1).split("\nc"))
    for (const subject of subjectsOf(parts)) {
      const known = news.get(subject);
      if (known === undefined) news.set(subject, { count: 1, last: leaf });
      else {
        known.count += 1;
        known.last = Math.max(known.last, leaf);
      }
    }
}

type Core = { organisation?: string; app?: string; outcome?: string };

/** Targets are written with their type first. */
const APP_TARGET = 't{"type":"app",';

/** Whom one entry is counted for. @param parts its lines, without the first one's kind */
function subjectsOf(parts: string): string[] {
  const [first = "", ...lines] = parts.split("\n");
  const core = read(first) as Core | null;
  const organisation = asUuid(core?.organisation);
  const apps = appsIn([core?.app, ...lines.filter(isAppTarget).map(targetId)]);
  const all = apps.map(countSubjects.app);
  if (organisation !== null) all.push(countSubjects.organisation(organisation));
  const account = core?.outcome === "done" ? actorIn(lines) : null;
  if (account === null) return all;
  if (organisation !== null) all.push(countSubjects.actsIn(organisation, account));
  return [...all, ...apps.map((app) => countSubjects.actsAt(app, account))];
}

const appsIn = (ids: readonly (string | undefined)[]): string[] => [...new Set(uuidsIn(ids))];

const isAppTarget = (line: string): boolean => line.startsWith(APP_TARGET);

const targetId = (line: string): string | undefined =>
  (read(line.slice(1)) as { id?: string } | null)?.id;

function actorIn(lines: readonly string[]): string | null {
  const line = lines.find((each) => each.startsWith("a"));
  const actor = line === undefined ? null : (read(line.slice(1)) as { account?: string } | null);
  return asUuid(actor?.account);
}

function read(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}

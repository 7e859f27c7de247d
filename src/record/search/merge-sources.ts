import { compareNewestFirst } from "./position.ts";
import type { Source, Step } from "./source.ts";

/** Several sources as one, newest first; an entry that stands in two of them comes once. */
export async function* mergeSources(sources: readonly Source[]): Source {
  const heads: Head[] = [];
  try {
    for (const source of sources) heads.push({ source, step: await nextStep(source) });
    let lastId: string | undefined;
    for (let next = newest(heads); next !== undefined; next = newest(heads)) {
      const { head, step } = next;
      head.step = await nextStep(head.source);
      const id = step.entry?.id;
      if (id === undefined || id !== lastId) yield step;
      lastId = id ?? lastId;
    }
  } finally {
    for (const source of sources) await source.return();
  }
}

async function nextStep(source: Source): Promise<Step | null> {
  const { value } = await source.next();
  return value ?? null;
}

type Head = { source: Source; step: Step | null };

/** The step that is read next; undefined when all sources have ended. */
function newest(heads: readonly Head[]): { head: Head; step: Step } | undefined {
  let found: { head: Head; step: Step } | undefined;
  for (const head of heads) {
    const { step } = head;
    if (step === null) continue;
    if (found === undefined || compareNewestFirst(step.place, found.step.place) < 0)
      found = { head, step };
  }
  return found;
}

export type Line = { key: string; description: string };

export type CatalogueChanges = { added: Line[]; removed: Line[]; described: Line[] };

/** What a new catalogue changes of the old one. */
export function changesOf(before: readonly Line[], after: readonly Line[]): CatalogueChanges {
  const old = new Map(before.map(({ key, description }) => [key, description]));
  const fresh = new Set(after.map(({ key }) => key));
  return {
    added: after.filter(({ key }) => !old.has(key)),
    removed: before.filter(({ key }) => !fresh.has(key)),
    described: after.filter(({ key, description }) => old.has(key) && old.get(key) !== description),
  };
}

/** Taking something out, or adding many at once, is read again before it is done. */
export const isBig = ({ added, removed }: CatalogueChanges): boolean =>
  removed.length > 0 || added.length > 10;

export const isNothing = ({ added, removed, described }: CatalogueChanges): boolean =>
  added.length + removed.length + described.length === 0;

/** `../…/en/sessions.json` becomes `sessions`. */
export function byNamespace(files: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(files).map(([path, texts]) => [/([^/]+)\.json$/.exec(path)?.[1] ?? path, texts]),
  );
}

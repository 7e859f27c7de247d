type Described = {
  paths?: { [path: string]: unknown };
  components?: { headers?: { [name: string]: unknown } };
};

/** What every reply of the API may bring beside its body. */
const headers = {
  "Audit-Id": {
    description:
      "The entry that this request left on record: GET /v1/audit/entries/{id}. Left out where a try is counted with others alike.",
    schema: { type: "string", examples: ["20260301-7-1234-0"] },
  },
  "Audit-Receipt": {
    description:
      "For a request with `Audit-Receipt: please`, by a process that holds the log's key: the log's signed promise that the entry will stand in it within 60 s. docs/proofs.md has its layout.",
    schema: { type: "string", contentEncoding: "base64" },
  },
};

/** Adds these headers to every reply of a description. */
export function nameHeaders<T extends Described>(description: T): T {
  description.components = { ...description.components, headers: structuredClone(headers) };
  const references = Object.fromEntries(
    Object.keys(headers).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );
  for (const operation of Object.values(description.paths ?? {}).flatMap(membersOf))
    for (const reply of membersOf((operation as { responses?: unknown }).responses))
      Object.assign(reply as object, { headers: { ...references } });
  return description;
}

const membersOf = (value: unknown): unknown[] =>
  typeof value === "object" && value !== null ? Object.values(value) : [];

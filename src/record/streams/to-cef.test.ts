import { expect, test } from "vitest";
import type { LogEntry } from "../../contract/record/entries.ts";
import { toCef } from "./to-cef.ts";

const entry: LogEntry = {
  id: "20260301-1-2-0",
  at: "2026-03-01T12:00:00.000Z",
  action: "key.created",
  outcome: "done",
  class: "important",
  actor: { kind: "session", accountId: "a-1", displayName: "Eve | = \\ \n" },
  credential: { kind: "session", id: "s-1" },
  address: "192.0.2.7",
  userAgent: "curl/8",
  app: { id: "app-1" },
  targets: [{ type: "key", id: "k", accountId: "a-2" }],
  requestId: "r-1",
};

test("an event has CEF's head and the keys that collectors know", () => {
  expect(toCef(entry, { epoch: 1, leaf: 9, position: 0 })).toBe(
    "CEF:0|Sallyport|Sallyport|1|key.created|key.created|3|rt=1772366400000 act=key.created outcome=done " +
      String.raw`externalId=20260301-1-2-0 suid=a-1 suser=Eve | \= \\ \n src=192.0.2.7 requestClientApplication=curl/8 ` +
      "duid=a-2 cn1=9 cn1Label=leaf cs1=s-1 cs1Label=credential cs2=app-1 cs2Label=app cs3=r-1 cs3Label=requestId",
  );
});

// Attack: a name that would add a key of its own.
test("what somebody typed stays in its value", () => {
  const forged = {
    ...entry,
    actor: { ...entry.actor, displayName: "x outcome=failed\nsuid=root" },
  };
  const text = toCef(forged, { epoch: 1, leaf: 9, position: 0 });
  expect(text).toContain(String.raw`suser=x outcome\=failed\nsuid\=root src=`);
});

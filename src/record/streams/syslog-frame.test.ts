import { expect, test } from "vitest";
import type { Sending } from "./delivery.ts";
import type { RenderedEntry } from "./render-entry.ts";
import { syslogFrame } from "./syslog-frame.ts";

const entry: RenderedEntry = {
  place: { epoch: 1, leaf: 7, position: 2 },
  id: '20260301-1-"2]-0',
  atMs: Date.UTC(2026, 2, 1, 12),
  action: "organisation.person-removed-long",
  outcome: "done",
  class: "important",
  text: '{"name":"Zoë 🌊"}',
};

const framed = (given: Partial<RenderedEntry> = {}, format: Sending["format"] = "entry") =>
  syslogFrame({ streamId: "s", format, hostName: "account.example.test" } as Sending, {
    ...entry,
    ...given,
  }).toString("utf8");

test("a message is RFC 5424, behind its length in octets", () => {
  const [, count, message = ""] = /^(\d+) ([^]*)$/.exec(framed()) ?? [];
  expect(Number(count)).toBe(Buffer.byteLength(message));
  expect(message).toBe(
    "<109>1 2026-03-01T12:00:00.000Z account.example.test sallyport - organisation.person-removed-long " +
      String.raw`[sallyport@32473 stream="s" entryId="20260301-1-\"2\]-0" epoch="1" leaf="7" position="2"] ` +
      String.raw`{"name":"Zo\u00eb \ud83c\udf0a"}`,
  );
});

test("JSON in ASCII says the same as before", () => {
  const message = framed();
  expect(JSON.parse(message.slice(message.indexOf("] {") + 2))).toEqual({ name: "Zoë 🌊" });
});

test("CEF that is more than ASCII is marked as UTF-8, and its length counts bytes", () => {
  const frame = framed({ text: "CEF:0|Zoë" }, "cef");
  expect(frame.endsWith("] \uFEFFCEF:0|Zoë")).toBe(true);
  const [count = ""] = frame.split(" ");
  expect(Number(count)).toBe(Buffer.byteLength(frame) - count.length - 1);
});

test.each([
  [{ outcome: "failed" }, "<107>"],
  [{ outcome: "refused" }, "<108>"],
  [{ class: "routine" }, "<110>"],
])("what %j is has the severity %s", (given, priority) => {
  expect(framed(given)).toContain(` ${priority}1 `);
});

// Attack: somebody else's text would begin a message of its own.
test("a line end in what a stranger typed ends no message", () => {
  expect(framed({ text: JSON.stringify({ userAgent: "a\n<13>1 - evil" }) })).not.toContain("\n");
});

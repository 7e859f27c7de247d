import { expect, test } from "vitest";
import { EntryCounter } from "./export-log.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("entries of a table are its lines outside of quotes, without the header", () => {
  const counter = new EntryCounter(true);
  const text = 'id,agent\r\n1,"a\nb ""c"""\r\n2,d\r\n';
  for (const character of text) counter.add(bytes(character));
  expect([counter.entries, counter.isWhole]).toEqual([2, true]);
});

test("a file that broke off says so in its last line, which is no entry", () => {
  const counter = new EntryCounter(false);
  counter.add(bytes('{"id":"1"}\n{"id":"2"}\n'));
  expect([counter.entries, counter.isWhole]).toEqual([2, true]);
  counter.add(bytes('{"error":{"code":"forbidden"}}\n'));
  expect([counter.entries, counter.isWhole]).toEqual([2, false]);
});

import { expect, test } from "vitest";
import { EntryCounter } from "./export-log.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("entries of a table are its lines outside of quotes, without the header", () => {
  const counter = new EntryCounter("csv");
  const text = 'id,agent\r\n1,"a\nb ""c"""\r\n2,d\r\n';
  for (const character of text) counter.add(bytes(character));
  expect([counter.entries, counter.isWhole]).toEqual([2, true]);
});

test("a file that broke off says so in its last line, which is no entry", () => {
  const counter = new EntryCounter("ndjson");
  counter.add(bytes('{"id":"1"}\n{"id":"2"}\n'));
  expect([counter.entries, counter.isWhole]).toEqual([2, true]);
  counter.add(bytes('{"error":{"code":"forbidden"}}\n'));
  expect([counter.entries, counter.isWhole]).toEqual([2, false]);
});

test("of a bundle its entries are counted, and it is whole with its last line", () => {
  const counter = new EntryCounter("bundle");
  counter.add(bytes('{"type":"bundle"}\n{"type":"batch"}\n{"type":"entry","id":"1"}\n'));
  expect([counter.entries, counter.isWhole]).toEqual([1, false]);
  counter.add(bytes('{"type":"entry","id":"2"}\n{"type":"end","entries":2}\n'));
  expect([counter.entries, counter.isWhole]).toEqual([2, true]);
});

import { expect, test } from "vitest";
import { readEvents } from "./read-events.ts";

/** What is read when the bytes come in pieces of this size. */
async function read(text: string, size: number): Promise<unknown[]> {
  const bytes = new TextEncoder().encode(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
    bytes.slice(index * size, (index + 1) * size),
  );
  const events: unknown[] = [];
  for await (const event of readEvents(ReadableStream.from(pieces))) events.push(event);
  return events;
}

test.each([1, 7, 1_000])(
  "events are whole however the network cuts them (%i bytes at once); signs of life are none",
  async (size) => {
    const text =
      'retry: 5000\n\nevent: entries\ndata: {"name":"é: ü"}\n\n:\n\nevent: end\ndata: {}\n\n';
    expect(await read(text, size)).toEqual([
      { name: "entries", data: { name: "é: ü" } },
      { name: "end", data: {} },
    ]);
  },
);

test("what breaks off in the middle is no event", async () => {
  expect(await read('event: end\ndata: {"code":"inter', 5)).toEqual([]);
});

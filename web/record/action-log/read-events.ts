/** One server-sent event (HTML Standard §9.2.6) as our server writes them: a name, and JSON on one line. */
export type ServerEvent = { name: string; data: unknown };

/** Reads events from a reply's body; comments and unfinished ones are left out. */
export async function* readEvents(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<ServerEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop() ?? "";
      yield* blocks.flatMap(eventOf);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function eventOf(block: string): ServerEvent[] {
  const fields = new Map(block.split("\n").map((line) => fieldOf(line)));
  const [name, data] = [fields.get("event"), fields.get("data")];
  return name === undefined || data === undefined ? [] : [{ name, data: JSON.parse(data) }];
}

function fieldOf(line: string): [string, string] {
  const at = line.indexOf(": ");
  return at === -1 ? [line, ""] : [line.slice(0, at), line.slice(at + 2)];
}

type Line = {
  level?: string;
  time?: string;
  msg?: string;
  err?: { stack?: string; message?: string };
  [member: string]: unknown;
};

/** A JSON log line as a person at a terminal reads it: time, level, message, the rest, the stack. */
export function prettyLine(json: string): string {
  const { level = "info", time = "", msg = "", err, ...rest } = JSON.parse(json) as Line;
  const facts = Object.entries(rest).map(([name, value]) => `${name}=${textOf(value)}`);
  const head = [time.slice(11, 19), level.toUpperCase().padEnd(5), msg, ...facts].join(" ");
  const stack = err?.stack ?? err?.message;
  return stack === undefined ? `${head}\n` : `${head}\n${stack.replaceAll(/^/gm, "  ")}\n`;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

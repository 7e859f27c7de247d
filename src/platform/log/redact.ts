/*
 * A log is read by more people, and kept longer, than what it tells about. Nothing that opens something
 * and nothing that says who somebody is may stand in it: values go by the name they stand under, and what
 * stands inside a text goes by its shape.
 */

/** Names whose value is never logged, lower case without `_` and `-`. */
const SECRET_NAMES = new Set([
  "authorization",
  "proxyauthorization",
  "cookie",
  "setcookie",
  "xsallyportgateway",
  "password",
  "pass",
  "passwordhash",
  "code",
  "codes",
  "recoverycode",
  "recoverycodes",
  "token",
  "secret",
  "secretkey",
  "key",
  "apikey",
  "credential",
  "credentials",
  "otpauthurl",
  "qrsvg",
  "smtpurl",
  "databaseurl",
  "metricstoken",
]);

/** Names whose value says who somebody is or where. */
const PERSONAL_NAMES = new Set([
  "email",
  "emailkey",
  "to",
  "from",
  "displayname",
  "address",
  "ip",
  "remoteaddress",
  "useragent",
  "query",
  "querystring",
  "body",
  "payload",
]);

const MAX_DEPTH = 6;
const HIDDEN = "[hidden]";

/** A copy in which whatever stands under a telling name is hidden. Errors come through `describeError`. */
export function redact(value: unknown, depth = 0): unknown {
  if (value instanceof Error) return describeError(value, depth);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Date) return value.toISOString();
  if (depth >= MAX_DEPTH || ArrayBuffer.isView(value)) return HIDDEN;
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      isTelling(name, inner) ? HIDDEN : redact(inner, depth + 1),
    ]),
  );
}

function isTelling(name: string, value: unknown): boolean {
  // A number under `code` is an exit code or a status.
  if (value === null || value === undefined || typeof value === "number") return false;
  const plain = name.toLowerCase().replaceAll(/[_-]/g, "");
  return SECRET_NAMES.has(plain) || PERSONAL_NAMES.has(plain);
}

const ERROR_CODE = /^([A-Z][A-Z0-9_]+|[0-9A-Z]{5})$/;

type Facts = Partial<
  Record<"code" | "constraint" | "table" | "syscall" | "statusCode" | "responseCode", unknown>
>;

/** What an error may say: PostgreSQL's `detail` and `parameters`, for one, hold what people typed. */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, constraint, table, syscall, statusCode, responseCode } = error as Error & Facts;
  const facts = {
    // Of the system (ECONNREFUSED), PostgreSQL (23505) or a library; not the code that somebody typed.
    code: typeof code === "string" && !ERROR_CODE.test(code) ? HIDDEN : code,
    constraint,
    table,
    syscall,
    statusCode,
    responseCode,
  };
  const inner = error instanceof AggregateError ? error.errors : undefined;
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)),
    ...(error.cause !== undefined &&
      depth < MAX_DEPTH && { cause: redact(error.cause, depth + 1) }),
    ...(inner !== undefined && { errors: redact(inner, depth + 1) }),
  };
}

/** Shapes that give themselves away wherever they stand, a message or a stack among them. */
const SHAPES: readonly [RegExp, string][] = [
  [/\bBearer [\w.~+/=-]+/gi, "Bearer [hidden]"],
  [/\bsally_[\w-]+/g, "[key]"],
  [/\botpauth:\/\/[^\s"\\]+/g, "[otpauth]"],
  // user:password@ of a URL
  [/:\/\/[^\s/"'@]+@/g, "://[hidden]@"],
  // RFC 3986 query of an address, of a page as of an API.
  [/((?:https?:\/\/|\s\/|"\/)[^\s"'?\\]*)\?[^\s"'\\]+/g, "$1?[hidden]"],
  [/[\p{L}\p{N}.!#$%&'*+/=?^_{|}~-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu, "[email]"],
  // newToken(): 43 characters of base62.
  [/\b[0-9A-Za-z]{43}\b/g, "[token]"],
];

/** The text of a log line without what its shape gives away. */
export function scrub(text: string): string {
  return SHAPES.reduce((clean, [shape, instead]) => clean.replace(shape, instead), text);
}

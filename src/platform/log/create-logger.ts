import { destination, pino, type DestinationStream, type Logger } from "pino";
import { prettyLine } from "./pretty-line.ts";
import { redact, scrub } from "./redact.ts";

export type LoggerOptions = {
  /** Lines for people instead of JSON. */
  isPretty: boolean;
  /** Where lines go; standard error where it is left out, so that standard output holds the banner alone. */
  stream?: DestinationStream;
};

/**
 * The process's log: JSON, one object a line, without secrets and without personal data. What requests
 * do is on record (src/record), not here.
 */
export function createLogger({ isPretty, stream }: LoggerOptions): Logger {
  const out = stream ?? destination({ dest: 2, sync: true });
  return pino(
    {
      level: "info",
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        bindings: redactObject,
        log: redactObject,
      },
      // Fastify and pino bring their own for these names, which say more than is good.
      serializers: { err: asIs, error: asIs, req: asIs, res: asIs },
      hooks: { streamWrite: scrub },
    },
    isPretty ? { write: (line: string) => out.write(prettyLine(line)) } : out,
  );
}

function redactObject({ req, res, ...rest }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(redact(rest) as object),
    ...(req !== undefined && { req: describeRequest(req as LoggedRequest) }),
    ...(res !== undefined && { res: describeReply(res as LoggedReply) }),
  };
}

const asIs = <T>(value: T): T => value;

type LoggedReply = { statusCode?: number };
type LoggedRequest = { method?: string; routeOptions?: { url?: string }; id?: string };

/** The route's pattern, never the address: ids, tokens and queries stand there. */
function describeRequest({ method, routeOptions, id }: LoggedRequest): object {
  return { method, route: routeOptions?.url ?? "(none)", id };
}

function describeReply({ statusCode }: LoggedReply): object {
  return { status: statusCode };
}

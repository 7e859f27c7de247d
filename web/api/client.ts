import { problems, type ProblemCode } from "../../src/contract/problem-table.ts";
import type { Failure, Problem } from "../../src/contract/problems.ts";
import { paths } from "../paths.ts";
import { closeAllAttempts, closeAttempt, keyOfAttempt } from "./attempts.ts";
import { askAgain } from "./interruptions.ts";
import { lastUse } from "./last-use.ts";
import { leavePage } from "./leave-page.ts";
import { pageAccount } from "./page-account.ts";

/** A refusal from the API. `code` is a closed union: switch over it and the compiler names what is missing. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly code: ProblemCode;
  readonly errors: readonly Failure[];
  /** Seconds after which it is worth another try, where the server said so. */
  readonly retryAfterSeconds: number | null;
  /** The whole body: some codes bring members of their own. */
  readonly body: Partial<Problem> & Record<string, unknown>;

  constructor(
    code: ProblemCode,
    body: Partial<Problem> & Record<string, unknown> = {},
    retryAfterSeconds: number | null = null,
  ) {
    super(problems[code].title);
    this.code = code;
    this.errors = body.errors ?? [];
    this.body = body;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The server could not be reached; nothing is known of what happened to a change. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

type Options = {
  body?: object;
  signal?: AbortSignal | undefined;
  headers?: Record<string, string>;
  /**
   * The page deals with an ended session or a missing step-up itself: sign-in and its like. Such a call is
   * for whoever makes it, unless `isOwn` says that it is for the page's account as all others are.
   */
  isAlone?: boolean;
  isOwn?: boolean;
  /** Makes something: sent again word for word after a lost answer, it makes no second one. */
  isCreation?: boolean;
};

/**
 * Calls the API. Where the server first wants to know that it is you, the person is asked in place, and
 * the same call is made again: whoever calls never learns of it. Has somebody else signed in meanwhile,
 * nothing is carried out and the page is left.
 *
 * @param path below /v1, with its query.
 * @throws {ApiProblem} when the server refuses; with code `internal` when something else answers.
 * @throws {Unreachable} when nobody answers.
 */
export async function request<Reply = void>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  options: Options = {},
): Promise<Reply> {
  if (options.isCreation === true) return await create<Reply>(method, path, options);
  const reply = await readReply<Reply>(await requestReply(method, path, options));
  if (method !== "GET" && method !== "POST") closeAllAttempts();
  return reply;
}

async function create<Reply>(method: string, path: string, options: Options): Promise<Reply> {
  const asked = { path, body: options.body };
  const headers = { ...options.headers, "idempotency-key": keyOfAttempt(asked) };
  try {
    const reply = await readReply<Reply>(await requestReply(method, path, { ...options, headers }));
    closeAllAttempts();
    return reply;
  } catch (error) {
    if (!isUndecided(error)) closeAttempt(asked);
    throw error;
  }
}

async function readReply<Reply>(reply: Response): Promise<Reply> {
  if (reply.status === 204 || reply.status === 202) return undefined as Reply;
  // The one assertion in the panel: same origin, same release, reply filtered by the same schema.
  return (await reply.json().catch(tellUnreachable)) as Reply;
}

/** Whether it may have been carried out without anybody being told. */
function isUndecided(error: unknown): boolean {
  if (!(error instanceof ApiProblem)) return true;
  const { code, body } = error;
  if (code === "conflict") return body.detailCode === "request-under-way";
  return code === "record-unavailable" || code === "internal";
}

/** The same for a reply that is read piece by piece; it is a good one. */
export async function requestReply(
  method: string,
  path: string,
  options: Options = {},
): Promise<Response> {
  try {
    return await requestOnce(method, path, options);
  } catch (error) {
    if (options.isAlone === true || !(error instanceof ApiProblem)) throw error;
    if (!(await askAgain(error.code, { isRead: method === "GET" }))) throw error;
    return await requestOnce(method, path, options);
  }
}

async function requestOnce(
  method: string,
  path: string,
  { body, signal, headers = {}, isAlone = false, isOwn = !isAlone }: Options,
): Promise<Response> {
  const reply = await send(path, {
    method,
    credentials: "same-origin",
    signal: signal ?? null,
    headers: { ...headers, ...(isOwn && ownHeaders()), ...(body !== undefined && JSON_BODY) },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (reply.ok) {
    lastUse.note();
    return reply;
  }
  const problem = await readProblem(reply);
  if (problem.code === "another-account") await leavePage(paths.anotherAccount());
  throw problem;
}

const JSON_BODY = { "content-type": "application/json" };

/** Names the account that a call is for; `another-account` is the answer when the cookie is not its. */
function ownHeaders(): Record<string, string> {
  const accountId = pageAccount.id();
  return accountId === null ? {} : { "sallyport-account": accountId };
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`/v1${path}`, init);
  } catch (error) {
    return tellUnreachable(error);
  }
}

/** For what the browser throws where no answer comes, or none that is whole. */
function tellUnreachable(error: unknown): never {
  if (error instanceof DOMException && error.name === "AbortError") throw error;
  throw new Unreachable("no answer", { cause: error });
}

async function readProblem(reply: Response): Promise<ApiProblem> {
  const body: unknown = await reply.json().catch(() => null);
  const seconds = Number(reply.headers.get("retry-after") ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(seconds) ? seconds : null;
  if (isProblem(body)) return new ApiProblem(body.code, body, retryAfterSeconds);
  // A proxy's page: 502 to 504 while Sallyport is away.
  return new ApiProblem(reply.status >= 502 ? "record-unavailable" : "internal");
}

/** A code we know means that our server wrote the body; a proxy's HTML error page has none. */
function isProblem(body: unknown): body is Problem & Record<string, unknown> {
  if (typeof body !== "object" || body === null || !("code" in body)) return false;
  return typeof body.code === "string" && Object.hasOwn(problems, body.code);
}

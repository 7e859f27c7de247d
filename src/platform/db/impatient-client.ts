import { Client } from "pg";

/** pg's error when `query_timeout` has passed. It carries no code. */
const TIMED_OUT = "Query read timeout";

/**
 * Ends its connection when an answer did not come in time. pg alone would tell whoever asked and keep the
 * connection, on which the next statement waits behind the lost one: the pool would hand it out again.
 */
export class ImpatientClient extends Client {
  /* oxlint-disable-next-line typescript/no-explicit-any -- pg's overloads, passed on as they came */
  override query(...given: any[]): any {
    const answer: unknown = Reflect.apply(super.query, this, given);
    if (answer instanceof Promise)
      // Before whoever asked hears of it, so that the pool sees an ended client when it gets it back.
      answer.catch((error: Error) => {
        if (error.message === TIMED_OUT) this.end().catch(() => {});
      });
    return answer;
  }
}

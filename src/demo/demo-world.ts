import { DemoActor } from "./demo-actor.ts";
import type { DemoCalendar } from "./demo-calendar.ts";
import { demoPeople, type DemoPersonName } from "./demo-people.ts";
import type { DemoServer } from "./demo-server.ts";

/** Something that happens at its time. */
export type DemoAct = { atMs: number; run(): Promise<unknown> };

/** Who and what there is so far. The story names things; their ids are known once they were made. */
export class DemoWorld {
  readonly server: DemoServer;
  readonly calendar: DemoCalendar;
  readonly #actors = new Map<DemoPersonName, DemoActor>();
  readonly #found = new Map<string, string>();

  constructor(server: DemoServer, calendar: DemoCalendar) {
    this.server = server;
    this.calendar = calendar;
  }

  actor(name: DemoPersonName): DemoActor {
    const actor = this.#actors.get(name) ?? new DemoActor(this.server, demoPeople[name]);
    this.#actors.set(name, actor);
    return actor;
  }

  /** Remembers the id or key of something that was made. */
  keep(name: string, value: string): void {
    this.#found.set(name, value);
  }

  /** The id or key of something that was made. */
  get(name: string): string {
    const value = this.#found.get(name);
    if (value === undefined) throw new Error(`the demo's story asks for "${name}" too early`);
    return value;
  }

  /** An act on a working day before today. */
  on(workdaysAgo: number, hours: number, run: () => Promise<unknown>): DemoAct {
    return { atMs: this.calendar.at(workdaysAgo, hours), run };
  }

  /** An act of the last hours. */
  ago(hours: number, run: () => Promise<unknown>): DemoAct {
    return { atMs: this.calendar.hoursAgo(hours), run };
  }
}

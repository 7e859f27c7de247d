/** EX_CONFIG of sysexits.h: what was given is not right, and starting again will not help. */
export const EXIT_CONFIG = 78;
/** EX_UNAVAILABLE: something outside is missing; starting again may help. */
export const EXIT_UNAVAILABLE = 69;

/** Why Sallyport does not start, in words for the person who starts it, with what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
  readonly exitCode: number;
  constructor(message: string, options: { exitCode?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT_CONFIG;
  }
}

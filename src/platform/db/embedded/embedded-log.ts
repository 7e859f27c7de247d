/** The part of a pino logger that the embedded PostgreSQL reports to. */
export type EmbeddedLog = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

/** Problems that any route can answer with. */
export const platformProblems = {
  "invalid-request": { status: 400, title: "The request does not match the schema" },
  "ambiguous-credential": { status: 400, title: "Send one credential, once" },
  "not-signed-in": { status: 401, title: "Sign in, or send a key, first" },
  "cross-origin": { status: 403, title: "The request came from another site" },
  forbidden: { status: 403, title: "You may not do this" },
  "route-not-found": { status: 404, title: "No such address" },
  "not-found": { status: 404, title: "No such thing, or not yours" },
  "request-too-slow": { status: 408, title: "The request took too long to arrive" },
  conflict: { status: 409, title: "Something changed meanwhile: look again" },
  "idempotency-key-reused": {
    status: 409,
    title: "This Idempotency-Key was used for another request",
  },
  "body-too-large": { status: 413, title: "The request is too large" },
  "address-too-long": { status: 414, title: "The address is too long" },
  "media-type-not-supported": { status: 415, title: "Send JSON" },
  "too-many-requests": { status: 429, title: "Too many requests: wait, then try again" },
  "headers-too-large": { status: 431, title: "The headers are too large" },
  internal: { status: 500, title: "Something failed on our side" },
  "record-unavailable": {
    status: 503,
    title: "Nothing was done: it could not be put on record. Try again",
  },
} as const;

const told = { to: "holder", facts: "when" } as const;

/** Mails about streams of the log; what each member means stands in ../mails.ts. */
export const recordMails = {
  "stream-created": {
    ...told,
    params: ["organisation", "actor", "stream", "target"],
    needs: ["stream"],
  },
  "stream-changed": {
    ...told,
    params: ["organisation", "actor", "stream", "target"],
    needs: ["stream"],
  },
  "stream-paused": { ...told, params: ["organisation", "actor", "stream"], needs: ["stream"] },
  "stream-resumed": { ...told, params: ["organisation", "actor", "stream"], needs: ["stream"] },
  "stream-replayed": { ...told, params: ["organisation", "actor", "stream"], needs: ["stream"] },
  "stream-deleted": { ...told, params: ["organisation", "actor", "stream"], needs: ["stream"] },
  "stream-stopped": { ...told, params: ["organisation", "stream"], needs: ["stream"] },
  "stream-refused": { ...told, params: ["organisation", "stream"], needs: ["stream"] },
  "stream-behind": {
    ...told,
    class: "account-warning",
    params: ["organisation", "stream", "minutes"],
    needs: ["stream"],
  },
  "stream-recovered": {
    ...told,
    class: "account-warning",
    params: ["organisation", "stream"],
    needs: ["stream"],
  },
} as const;

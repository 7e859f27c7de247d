/** Mails about the person's own account; what each member means stands in ../mails.ts. */
export const accountMails = {
  "confirm-address": {
    to: "stranger",
    facts: "none",
    params: ["hours"],
    needs: [],
    link: "/verify",
  },
  "already-have-account": {
    to: "stranger",
    facts: "none",
    params: [],
    needs: [],
    link: "/sign-in",
  },
  "password-changed": { to: "holder", facts: "whence", params: [], needs: [] },
  "factor-enrolled": { to: "holder", facts: "whence", params: [], needs: [] },
  "factor-replaced": { to: "holder", facts: "whence", params: [], needs: [] },
  "factor-lost": { to: "holder", facts: "whence", params: ["count"], needs: [] },
  "recovery-codes-replaced": { to: "holder", facts: "whence", params: [], needs: [] },
  "recovery-code-used": { to: "holder", facts: "whence", params: ["count"], needs: [] },
  "recovery-codes-low": { to: "holder", facts: "whence", params: ["count"], needs: [] },
  "codes-paused": { to: "holder", facts: "whence", params: ["minutes"], needs: [] },
  "passkey-added": { to: "holder", facts: "whence", params: ["passkey"], needs: [] },
  "passkey-removed": { to: "holder", facts: "whence", params: ["passkey"], needs: [] },
  "passkey-cloned": { to: "holder", facts: "whence", params: ["passkey"], needs: [] },
  "session-ended": { to: "holder", facts: "whence", params: ["device"], needs: [] },
} as const;

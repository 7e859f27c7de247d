/** Problems of sign-up, sign-in, second factors and sessions. */
export const identityProblems = {
  "wrong-credentials": { status: 401, title: "Address or password is wrong" },
  "wrong-code": { status: 401, title: "The code is wrong or was used already" },
  "wrong-passkey": { status: 401, title: "The passkey was not accepted" },
  "another-account": { status: 409, title: "Somebody else is signed in by now" },
  "step-up-required": { status: 403, title: "Confirm it's you first" },
  "enrolment-required": { status: 403, title: "Set up two-factor authentication first" },
  "second-factor-required": { status: 403, title: "Enter a code of your second factor first" },
  "new-password-required": { status: 403, title: "Choose a new password first" },
  "factor-paused": { status: 429, title: "Too many wrong codes: wait, then try again" },
  "dead-link": { status: 410, title: "This link was used, replaced or has expired" },
} as const;

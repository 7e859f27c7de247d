/**
 * A public key (COSE_Key, ES256) whose private one was never kept: what signatures of unknown passkeys are
 * judged by, so that the answer to them takes as long as to known ones (T28).
 */
export const NOBODYS_KEY = Buffer.from(
  "pQECAyYgASFYIOxrvHxXHYSMvoAXCUB-MNMThQgtYe6-QabZRryKoR-tIlggL9o_kZ1ex55W9QklBZEKsQ55xepx9bX87pinVnEbrhI",
  "base64url",
);

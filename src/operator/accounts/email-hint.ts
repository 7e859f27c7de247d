/** Enough to tell two Zoës apart and to compare with who asks for help, and no address to take away. */
export function emailHint(email: string | null): string | null {
  const at = email?.lastIndexOf("@") ?? -1;
  return email === null || at < 1
    ? null
    : `${String.fromCodePoint(email.codePointAt(0) ?? 0)}…${email.slice(at)}`;
}

const MARK = '[redacted]';
/** Shorter values are no secrets but words: taking them out would shred the text. */
const SHORTEST = 6;

/**
 * A text without the given secrets, in the forms in which remotes echo them: plain, base64 and base64url (at any of the three
 * alignments inside a longer base64 text), URL-encoded, form-encoded, hexadecimal in either case, JSON-escaped.
 */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const forms = [...new Set(secrets.filter((secret) => secret.length >= SHORTEST).flatMap(formsOf))];
  // Longest first: a form may hold another.
  return forms.sort((a, b) => b.length - a.length).reduce((rest, form) => rest.replaceAll(form, MARK), text);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const hex = bytes.toString('hex');
  const encoded = [
    encodeURIComponent(secret.toWellFormed()),
    new URLSearchParams([['', secret]]).toString().slice(1),
  ];
  const percent = encoded.map((form) => form.replace(/%[0-9A-F]{2}/g, (part) => part.toLowerCase()));
  return [secret, ...encoded, ...percent, everyByteEncoded(hex), everyByteEncoded(hex.toUpperCase())]
    .concat([hex, hex.toUpperCase(), JSON.stringify(secret).slice(1, -1)])
    .concat([0, 1, 2].flatMap((shift) => base64At(bytes, shift)));
}

function everyByteEncoded(hex: string): string {
  return hex.replace(/../g, '%$&');
}

/** What is certain of a secret's base64 when `shift` bytes stand before it: the characters that no neighbour has a part in. */
function base64At(bytes: Buffer, shift: number): string[] {
  const padded = Buffer.concat([Buffer.alloc(shift), bytes]);
  const start = Math.ceil((shift * 8) / 6);
  const end = Math.floor((padded.length * 8) / 6);
  const certain = [padded.toString('base64'), padded.toString('base64url')].map((form) =>
    form.slice(start, end),
  );
  return shift === 0 ? [padded.toString('base64'), padded.toString('base64url'), ...certain] : certain;
}

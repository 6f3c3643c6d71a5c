/**
 * graphql-js writes rejected values into its messages, and a rejected value may hold a secret
 * (`createCredential` with a field missing prints the whole input). Place and reason stay, values go.
 */
export function withoutValues(error: { readonly message: string; readonly originalError?: unknown }): string {
  const { message } = error;
  const reason = messageOf(error.originalError) ?? message;
  const variable = /^Variable "\$[\w]+"/.exec(message)?.[0];
  if (variable === undefined || !message.endsWith(reason) || reason === message) {
    return variable !== undefined && message.includes(' got invalid value ')
      ? `${variable} got an invalid value.`
      : cut(message);
  }
  const place = / at "([\w.[\]]+)"; $/.exec(message.slice(0, message.length - reason.length))?.[1];
  return `${variable} got an invalid value${place === undefined ? '' : ` at "${place}"`}: ${cut(reason)}`;
}

function cut(message: string): string {
  return message
    .replace(/(cannot represent[^:]*): [\s\S]*$/, '$1.')
    .replace(/, found [\s\S]*$/, '.')
    .replace(/^Value "[\s\S]*" does not exist in ("\w+" enum\.)[\s\S]*$/, 'The value does not exist in $1');
}

function messageOf(error: unknown): string | null {
  return error instanceof Error ? error.message : null;
}

import { HygieneError } from '#core';

/** @throws HygieneError CONFIG_INVALID that names the variable to change when the address is taken, not ours, or not allowed */
export async function listen(
  api: { listen(port: number, host: string): Promise<unknown> },
  port: number,
  host: string,
): Promise<void> {
  try {
    await api.listen(port, host);
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new HygieneError('CONFIG_INVALID', `Cannot listen on ${host}:${port}: ${reason}`, { cause: error });
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process does. Stop it, or set PORT to another port.',
  EADDRNOTAVAIL: 'this machine has no such address. Set HOST to one that it has.',
  EACCES: 'ports below 1024 take privileges. Set PORT to a higher one.',
};

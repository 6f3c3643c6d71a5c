/**
 * Settings of a small service. They go on the command line, so that a new version of Tagward brings new ones to an old cluster.
 * https://www.postgresql.org/docs/18/runtime-config.html
 */
const SETTINGS = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '50',
  shared_buffers: '128MB',
  effective_cache_size: '512MB',
  maintenance_work_mem: '64MB',
  min_wal_size: '80MB',
  max_wal_size: '1GB',
  checkpoint_completion_target: '0.9',
  // Cost estimates of bulk statements set it off, and it costs more than it saves in statements of milliseconds.
  jit: 'off',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  password_encryption: 'scram-sha-256',
  autovacuum_naptime: '30s',
  // Statements and the DETAIL of errors quote rows: they belong in no log.
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '%b|',
} as const;

/** For databases that are thrown away: nothing waits for the disk. The end of a process loses nothing all the same. */
const VOLATILE_SETTINGS = {
  fsync: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_connections: '200',
} as const;

export function serverParameters(clusterDir: string, socketDir: string, durable: boolean): readonly string[] {
  const settings = {
    ...SETTINGS,
    ...(durable ? {} : VOLATILE_SETTINGS),
    // A list separated by commas, whose members may be quoted.
    unix_socket_directories: `"${socketDir.replaceAll('"', '""')}"`,
  };
  return [
    '-D',
    clusterDir,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
}

/** What the server's programs find in their environment: nothing of ours, whatever LANG and LC_* say. */
export const SERVER_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: '/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};

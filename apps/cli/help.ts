export const HELP = `Usage: tagward <command> [options]

Commands:
  sync    make a Tagward service have the rule packs, targets and schedules of a directory

  tagward <command> --help    what a command takes
  tagward --version           the version of this command
`;

export const SYNC_HELP = `Usage: tagward sync -f <dir> [options]

Makes a Tagward service have the rule packs, targets and schedules that a directory says. All files are checked first; when one
is bad, every fault is listed and nothing is changed. A second run changes nothing.

Options:
  -f, --file <dir>      the directory (.yaml, .yml and .json files, folders in it too), or one file
  --url <url>           where the service answers; else TAGWARD_URL, else http://127.0.0.1:3000
  --token-file <file>   a file with an API token of the scope ADMIN (READ does for a dry run); else TAGWARD_TOKEN
  --dry-run             show the difference, change nothing
  --exit-code           with --dry-run: exit with 2 when there is a difference
  --prune               also remove rule packs and schedules that the directory does not have
  --prune-targets       also remove targets that it does not have: their inventory, scans and findings go with them
  --json                one JSON document on standard output instead of words
  --timeout <seconds>   for each request; 30 unless told
  -h, --help            this

--prune and --prune-targets leave a kind alone of which the directory has nothing at all.

Exit codes:
  0  applied, or no difference; a dry run without --exit-code
  1  failed: bad files, a refusal, a conflict, no answer (what was written before is listed)
  2  --dry-run --exit-code, and there is a difference
`;

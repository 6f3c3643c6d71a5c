import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { ROOT } from './paths.mjs';
import { say, Stop } from './stop.mjs';

const NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EHOSTUNREACH|ENETUNREACH|network/i;
const STILL_MS = 30_000;
const MENDS = [
  [
    /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)/,
    "The certificate of the package registry is not trusted: give npm your proxy's with `npm config set cafile <file>`.",
  ],
  [
    /E40[13]\b|ENEEDAUTH/,
    'The package registry refused us: check the registry and its token in your .npmrc.',
  ],
  [/ENOSPC/, 'The disk is full: about 1 GB is needed.'],
  [/EACCES|EPERM|EROFS/, `Files could not be written: run this as the owner of ${ROOT}.`],
  [
    /EUSAGE|in sync/,
    'package.json and package-lock.json do not agree: run `npm install` and commit the lock.',
  ],
  [
    /ETARGET|E404|notarget/,
    'The package registry lacks a version of package-lock.json: check the registry in your .npmrc.',
  ],
  [
    /EINTEGRITY/,
    'A package is not what package-lock.json says: run `npm cache clean --force` and try again.',
  ],
  [
    NETWORK,
    'The package registry does not answer: check the network, or the proxy and registry in your .npmrc, and try again.',
  ],
];

/** Runs npm without a word unless it fails. @throws Stop with npm's output and what mends it */
export async function npm(args) {
  const cli = process.env.npm_execpath ?? '';
  const [file, first] = /^npm-cli\.c?js$/.test(basename(cli)) ? [process.execPath, [cli]] : ['npm', []];
  const { code, output } = await run(file, [...first, ...args]);
  if (code === 0) return;
  const mend = MENDS.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm says above what is wrong.';
  throw new Stop(`${withoutNoise(output)}\n\n\`npm ${args[0]}\` failed (${code}). ${mend}`);
}

function run(file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let told = false;
    const still = setInterval(() => say('Still installing packages…'), STILL_MS);
    const collect = (chunk) => {
      output += chunk;
      if (told || !/attempt \d+ failed/.test(output) || !NETWORK.test(output)) return;
      told = true;
      say('The package registry does not answer; npm tries again…');
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    const stop = () => child.kill('SIGTERM');
    process.once('SIGINT', stop).once('SIGTERM', stop);
    child.once('error', (error) => {
      clearInterval(still);
      reject(
        new Stop(`npm could not be started (${error.code}). Install npm 10 or newer, or put it on PATH.`),
      );
    });
    child.once('close', (code, signal) => {
      clearInterval(still);
      process.off('SIGINT', stop).off('SIGTERM', stop);
      if (signal !== null) reject(new Stop('Stopped while packages were being installed.', 130));
      else resolve({ code, output });
    });
  });
}

/** Not the reason: what needs a newer Node is run by the packaged one. */
function withoutNoise(output) {
  return output.replace(/^npm warn EBADENGINE.*\n/gim, '').trim();
}

import { startGitHttpBackend } from '#testing';

/** git http-backend over the folder of the command line, in a process of its own: its work is in nobody's figures. Says its url. */
const [root] = process.argv.slice(2);
if (root === undefined) throw new Error('The folder to serve is missing.');
const { url } = await startGitHttpBackend({ root });
console.log(url);

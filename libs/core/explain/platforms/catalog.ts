import type { PlatformCatalog } from '../explanation.js';
import { dockerWords } from './docker-words.js';
import { ec2Words } from './ec2-words.js';
import { gitWords } from './git-words.js';
import { registryWords } from './registry-words.js';

export const PLATFORM_WORDS: PlatformCatalog = {
  ec2: ec2Words,
  git: gitWords,
  registry: registryWords,
  docker: dockerWords,
};

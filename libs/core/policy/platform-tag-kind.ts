import type { Platform, TagKind } from '../model/platform.js';

export const PLATFORM_TAG_KIND: Readonly<Record<Platform, TagKind>> = {
  ec2: 'label',
  git: 'pointer',
  registry: 'pointer',
  docker: 'pointer',
};

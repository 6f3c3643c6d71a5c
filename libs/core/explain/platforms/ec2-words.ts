import type { PlatformWords } from '../explanation.js';
import { quote } from '../../rules/quote.js';
import { shellQuote } from '../shell-quote.js';

/** Labels point at nothing: no content hangs on them. */
export const ec2Words: PlatformWords = {
  standing: () => ({ removable: true, freesContent: false, blockers: [] }),
  removeTag({ scope, resource, tags }, name) {
    const value = tags.find((tag) => tag.name === name)?.value ?? '';
    // With its value it is removed only while it has that value.
    const tag = shellQuote(JSON.stringify([{ Key: name, Value: value }]));
    const region = shellQuote(scope.slice(scope.lastIndexOf('/') + 1));
    return {
      action: 'remove-tag',
      subject: `${resource}/${name}`,
      destroys: value === '' ? 'nothing but the key' : `the value ${quote(value)}`,
      command: `aws ec2 delete-tags --region ${region} --resources ${shellQuote(resource)} --tags ${tag}`,
    };
  },
  removeContent: () => null,
  reserved: (name) => ({
    code: 'RESERVED',
    message: `AWS keeps keys that start with "aws:" for itself; nobody else can change ${quote(name)}.`,
    references: [name],
    hard: true,
  }),
};

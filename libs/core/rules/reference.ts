import type { RuleKind } from './rule-kind.js';

const HEAD = `# Rules reference

Every kind of rule, made from the kinds themselves: the examples are run by the tests. A rule has an \`id\` (unique within its
pack), a \`kind\`, and may have \`on\` (a selector: \`platforms\`, \`targets\`, \`resources\`, \`resourceTypes\`, \`tags\`, \`where\`;
what it does not name it does not limit), \`severity\` (\`info\`, \`low\`, \`medium\`, \`high\`, \`critical\`; absent: \`medium\`)
and \`fix\` (one name, or a map of that name to its parameters; without it the rule only reports). Editors complete and check packs by
their [JSON Schema](packs-as-code.md#editors).

A matcher is one of \`{ exact }\`, \`{ prefix }\`, \`{ glob }\`, \`{ re2 }\`: anchored at both ends, case-sensitive. In a glob \`*\`
and \`?\` stop at \`/\`, \`**\` does not. \`re2\` takes [RE2's syntax](https://github.com/google/re2/wiki/Syntax).

Whose a thing is, reports and \`findingStats\` know from the pack's \`report\`: \`ownerTag\` is the label whose value is the team, \`owners\` is
the map for what has no such label. A line of it has a \`team\` and names \`repositories\` (ids of resources, as globs or matchers),
\`targets\` (names or matchers), or both. The first line that matches wins; the label beats the map. The maps of all packs of a target
count, in the order of the packs' names, and take effect when a scan reads the resource.

\`\`\`yaml
report:
  ownerTag: owner
  owners:
    - { repositories: [acme/payments/**, { prefix: acme/pay- }], team: payments }
    - { targets: [build-hosts], team: ci }
\`\`\`
`;

/**
 * The rules reference as Markdown.
 * @param readmeOf the text of a kind's readme, whose first line is its title
 */
export function renderRulesReference(kinds: readonly RuleKind[], readmeOf: (kind: string) => string): string {
  const list = kinds.map(({ name, finds }) => `- [${name}](#${name}): ${finds}`).join('\n');
  const sections = kinds.map((kind) => {
    const facts = `Judges: ${kind.judges}s. Required: ${words(kind.params.filter(({ required }) => required).map(({ name }) => name))}. Fixes: ${words(kind.fixes)}.`;
    const [, ...body] = readmeOf(kind.name).trim().split('\n');
    return `## ${kind.name}\n\n${facts}\n${body.join('\n')}\n`;
  });
  return [HEAD, `${list}\n`, ...sections].join('\n');
}

const words = (names: readonly string[]): string =>
  names.length === 0 ? 'none' : names.map((name) => `\`${name}\``).join(', ');

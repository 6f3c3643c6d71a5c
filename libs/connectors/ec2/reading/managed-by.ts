import type { Tag } from '#core';

type Rule = (tags: ReadonlyMap<string, string>) => string | null;

/** Tools that write themselves into a tag, by their spelling there. */
const TOOLS: Readonly<Record<string, string>> = {
  terraform: 'Terraform',
  opentofu: 'OpenTofu',
  tofu: 'OpenTofu',
  terragrunt: 'Terragrunt',
  pulumi: 'Pulumi',
  cdk: 'AWS CDK',
  crossplane: 'Crossplane',
};
const TOOL_KEYS = /^(managed[-_ ]?by|provisioned[-_ ]?by|created[-_ ]?by|iac|iac[-_ ]tool|provisioner)$/i;
const TERRAFORM_KEY =
  /^(terraform|terraform[-_ ]?managed|managed[-_ ]by[-_ ]terraform|tf[-_ ](module|workspace|stack|state))$/i;
const NO = /^(false|no|0|)$/i;

/** First that applies wins: what re-creates the resource itself stands before what merely wrote its tags. */
const RULES: readonly Rule[] = [
  named('aws:autoscaling:groupName', 'auto-scaling group'),
  named('aws:ec2spot:fleet-request-id', 'spot fleet'),
  named('aws:ec2:fleet-id', 'EC2 fleet'),
  named('karpenter.sh/nodepool', 'Karpenter node pool'),
  named('karpenter.sh/provisioner-name', 'Karpenter provisioner'),
  named('eks:nodegroup-name', 'EKS node group'),
  named('aws:cloudformation:stack-name', 'CloudFormation stack'),
  named('aws:servicecatalog:provisionedProductArn', 'Service Catalog product'),
  iacTool,
];

/** What would put a fault back if the tag were fixed on the resource; null when its tags name nothing. */
export function managedBy(tags: readonly Tag[]): string | null {
  const values = new Map(tags.map(({ name, value }) => [name, value ?? '']));
  for (const rule of RULES) {
    const found = rule(values);
    if (found !== null) return found;
  }
  return null;
}

function named(key: string, kind: string): Rule {
  return (tags) => {
    const value = tags.get(key);
    return value === undefined || value === '' ? null : `${kind} ${value}`;
  };
}

function iacTool(tags: ReadonlyMap<string, string>): string | null {
  for (const [key, value] of tags) {
    if (TERRAFORM_KEY.test(key) && !NO.test(value)) return 'Terraform';
    const tool = TOOL_KEYS.test(key) ? TOOLS[value.trim().toLowerCase()] : undefined;
    if (tool !== undefined) return tool;
  }
  return null;
}

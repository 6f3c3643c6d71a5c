import { Field, ID, InputType, Int } from '@nestjs/graphql';
import { ForgeKindEnum, RegistryFlavorEnum } from '../../graphql/enums.js';

const optional = { nullable: true } as const;

@InputType()
export class Ec2OrganizationInput {
  @Field(() => String)
  roleName!: string;

  @Field(() => [String], optional)
  accountIds?: string[];

  @Field(() => [String], optional)
  ouIds?: string[];
}

@InputType()
export class Ec2TargetInput {
  @Field(() => [String])
  regions!: string[];

  @Field(() => [String], optional)
  resourceTypes?: string[];

  @Field(() => String, optional)
  roleArn?: string;

  @Field(() => String, optional)
  externalId?: string;

  @Field(() => String, optional)
  endpoint?: string;

  @Field(() => Ec2OrganizationInput, optional)
  organization?: Ec2OrganizationInput;
}

@InputType()
export class GitOrganizationInput {
  @Field(() => String)
  name!: string;

  @Field(() => [String], optional)
  include?: string[];

  @Field(() => [String], optional)
  exclude?: string[];
}

@InputType({ description: 'Exactly one of url, organization.' })
export class GitTargetInput {
  @Field(() => String, optional)
  url?: string;

  @Field(() => GitOrganizationInput, optional)
  organization?: GitOrganizationInput;

  @Field(() => ForgeKindEnum, optional)
  forge?: keyof typeof ForgeKindEnum;

  @Field(() => String, optional)
  forgeUrl?: string;

  @Field(() => ID, optional)
  forgeCredentialId?: string;

  @Field(() => [String], optional)
  signers?: string[];

  @Field(() => Int, optional)
  tagsPerPush?: number;
}

@InputType()
export class RegistryTargetInput {
  @Field(() => String)
  url!: string;

  @Field(() => [String], { ...optional, description: 'Names or globs; none: the catalog.' })
  repositories?: string[];

  @Field(() => [String], optional)
  exclude?: string[];

  @Field(() => RegistryFlavorEnum, optional)
  flavor?: keyof typeof RegistryFlavorEnum;

  @Field(() => String, optional)
  caCertificate?: string;

  @Field(() => Boolean, { ...optional, defaultValue: false })
  scratchManifestUntag?: boolean;
}

@InputType()
export class DockerTargetInput {
  @Field(() => String, { description: 'unix:///…, tcp://… or ssh://…' })
  host!: string;
}

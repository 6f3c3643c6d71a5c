import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../../graphql/connection.dto.js';
import { DateTimeScalar } from '../../graphql/scalars.js';

const optional = { nullable: true } as const;

@ObjectType()
export class TagMove {
  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => String, optional)
  from!: string | null;

  @Field(() => String, optional)
  to!: string | null;
}

@ObjectType({
  description:
    'Content of a registry, read once and checked against its digest. What its manifest does not state is null.',
})
export class Manifest {
  @Field(() => String)
  digest!: string;

  @Field(() => String)
  mediaType!: string;

  @Field(() => String, optional)
  artifactType!: string | null;

  @Field(() => DateTimeScalar, optional)
  createdAt!: Date | null;

  @Field(() => Float, { ...optional, description: 'Config and layers, all platforms of an index together.' })
  bytes!: number | null;

  @Field(() => Int, optional)
  layers!: number | null;

  @Field(() => [String], { description: 'linux/amd64, linux/arm64/v8…' })
  platforms!: readonly string[];

  @Field(() => [String], { description: 'Digests of the manifests that an index names.' })
  children!: readonly string[];

  @Field(() => String, { ...optional, description: 'The digest that it says it is about.' })
  subject!: string | null;
}

/** `target` and `manifest` are edges: see the resolver. */
@ObjectType({ description: 'A tag of the inventory as last seen.' })
export class TagRecord {
  @Field(() => ID)
  id!: string;

  @Field(() => String, optional)
  scope!: string | null;

  @Field(() => String)
  resource!: string;

  @Field(() => String)
  resourceType!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, optional)
  value!: string | null;

  @Field(() => String, optional)
  digest!: string | null;

  @Field(() => String, {
    ...optional,
    description: 'What a pointer resolves to in the end, where that is known and not the digest itself.',
  })
  peeled!: string | null;

  @Field(() => Boolean, {
    ...optional,
    description: 'git: a tag object stands between the name and the commit; null elsewhere.',
  })
  annotated!: boolean | null;

  @Field(() => DateTimeScalar, optional)
  createdAt!: Date | null;

  @Field(() => DateTimeScalar)
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar)
  lastSeenAt!: Date;

  @Field(() => [TagMove])
  moves!: readonly TagMove[];
}

export const TagRecordConnection = connectionOf(() => TagRecord, 'TagRecord');

/** `target`, `tags` and `digests` are edges: see the resolver. */
@ObjectType({
  description: 'What carries tags, tagged or not. Numbers are null where the platform does not say.',
})
export class ResourceRecord {
  @Field(() => ID)
  id!: string;

  @Field(() => String, optional)
  scope!: string | null;

  @Field(() => String)
  resource!: string;

  @Field(() => String)
  resourceType!: string;

  @Field(() => String, optional)
  team!: string | null;

  @Field(() => DateTimeScalar, optional)
  createdAt!: Date | null;

  @Field(() => DateTimeScalar)
  lastSeenAt!: Date;

  @Field(() => Float, optional)
  bytes!: number | null;

  @Field(() => Int, optional)
  layers!: number | null;

  @Field(() => Int, optional)
  containers!: number | null;

  @Field(() => Int, { ...optional, description: 'Manifests in a repository of a registry.' })
  manifests!: number | null;

  @Field(() => Int, optional)
  children!: number | null;

  @Field(() => Boolean, { ...optional, description: 'docker and registry; null elsewhere.' })
  removable!: boolean | null;

  @Field(() => Boolean, { ...optional, description: 'docker and registry; null elsewhere.' })
  freesContent!: boolean | null;
}

export const ResourceConnection = connectionOf(() => ResourceRecord, 'Resource');

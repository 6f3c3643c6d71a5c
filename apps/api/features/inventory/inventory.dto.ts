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

/** `target` is an edge: see the resolver. */
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

/** `target` and `tags` are edges: see the resolver. */
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

  @Field(() => [String])
  digests!: readonly string[];

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

  @Field(() => Int, optional)
  children!: number | null;

  @Field(() => Boolean, { ...optional, description: 'docker and registry; null elsewhere.' })
  removable!: boolean | null;

  @Field(() => Boolean, { ...optional, description: 'docker and registry; null elsewhere.' })
  freesContent!: boolean | null;
}

export const ResourceConnection = connectionOf(() => ResourceRecord, 'Resource');

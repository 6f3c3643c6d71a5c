import { ArgsType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { StatGroup } from '#application';
import { StatGroupEnum } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { FindingFilter } from '../findings/finding-inputs.dto.js';

const optional = { nullable: true } as const;

@ObjectType({ description: 'Findings of one group over a period.' })
export class Stat {
  @Field(() => String, {
    description:
      "A target's name, a platform, a team (empty: no owner is known), `pack/rule`, a severity, or a label as `key=value`.",
  })
  group!: string;

  @Field(() => Int, { description: "At the period's end." })
  open!: number;

  @Field(() => Int)
  new!: number;

  @Field(() => Int)
  resolved!: number;

  @Field(() => Float, {
    ...optional,
    description:
      "0 to 100 at the period's end, over all tags of the group's targets; null where groups are not made of targets.",
  })
  score!: number | null;
}

@ObjectType()
export class ScorePoint {
  @Field(() => DateTimeScalar)
  at!: Date;

  @Field(() => Float)
  score!: number;

  @Field(() => Int)
  open!: number;
}

@ArgsType()
export class FindingStatsArgs {
  @Field(() => FindingFilter, optional)
  filter?: FindingFilter;

  @Field(() => StatGroupEnum)
  groupBy!: StatGroup;

  @Field(() => DateTimeScalar, optional)
  from?: string;

  @Field(() => DateTimeScalar, optional)
  to?: string;
}

@ArgsType()
export class ScoreHistoryArgs {
  @Field(() => ID, { ...optional, description: 'null: all targets that the token sees, together.' })
  targetId?: string;

  @Field(() => DateTimeScalar, { ...optional, description: 'At most 400 days before `to`.' })
  from?: string;

  @Field(() => DateTimeScalar, optional)
  to?: string;
}

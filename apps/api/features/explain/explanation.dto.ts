import { ArgsType, Field, ID, ObjectType } from '@nestjs/graphql';
import type { Decision } from '#core';
import { DecisionEnum } from '../../graphql/enums.js';

const optional = { nullable: true } as const;

@ObjectType({ description: 'What one rule, or one protector, says.' })
export class Verdict {
  @Field(() => String, { ...optional, description: 'null: a protector.' })
  ruleId!: string | null;

  @Field(() => String, { ...optional, description: 'null: a built-in protector.' })
  rulePack!: string | null;

  @Field(() => DecisionEnum)
  decision!: Decision;

  @Field(() => String)
  reason!: string;
}

@ObjectType({ description: 'What stands in the way: of the tag, or of its content.' })
export class Blocker {
  @Field(() => String)
  code!: string;

  @Field(() => String)
  message!: string;

  @Field(() => [String])
  references!: readonly string[];

  @Field(() => Boolean, { description: 'Nothing that is done to the tag alone overcomes it.' })
  hard!: boolean;
}

@ObjectType()
export class UnblockStep {
  @Field(() => String)
  action!: string;

  @Field(() => String)
  subject!: string;

  @Field(() => String)
  destroys!: string;

  @Field(() => String, {
    ...optional,
    description: 'What a person would type, quoted for a POSIX shell; null when there is no one command.',
  })
  command!: string | null;
}

@ObjectType({ description: 'One shape for all platforms.' })
export class TagExplanation {
  @Field(() => String)
  resource!: string;

  @Field(() => String, { ...optional, description: 'null: content, or the resource as a whole.' })
  name!: string | null;

  @Field(() => DecisionEnum, { description: 'What would come of it now.' })
  decision!: Decision;

  @Field(() => String)
  reason!: string;

  @Field(() => Boolean, {
    description: 'The platform would let it go now, without force; what is not known is taken for a no.',
  })
  removable!: boolean;

  @Field(() => Boolean, { description: 'And what it points at would go with it.' })
  freesContent!: boolean;

  @Field(() => [Verdict], { description: 'Every rule and protector that has a say.' })
  verdicts!: readonly Verdict[];

  @Field(() => [Blocker], { description: "All of them, not the first: the platform's and ours." })
  blockers!: readonly Blocker[];

  @Field(() => [UnblockStep], {
    description: 'The shortest ordered way to be rid of it; empty when none is known.',
  })
  steps!: readonly UnblockStep[];
}

@ArgsType()
export class ExplainTagArgs {
  @Field(() => ID)
  targetId!: string;

  @Field(() => String, {
    ...optional,
    description:
      'As people write it: nginx, nginx:1.2, docker.io/library/nginx@sha256:…, an id or its prefix; or resource and name.',
  })
  reference?: string;

  @Field(() => String, optional)
  resource?: string;

  @Field(() => String, { ...optional, description: 'Without it: the resource as a whole.' })
  name?: string;
}

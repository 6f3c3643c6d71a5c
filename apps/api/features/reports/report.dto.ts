import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { ReportFormat, ReportStatus } from '#application';
import { connectionOf } from '../../graphql/connection.dto.js';
import { ReportFormatEnum, ReportStatusEnum } from '../../graphql/enums.js';
import { DateTimeScalar } from '../../graphql/scalars.js';
import { Count } from '../scans/count.dto.js';

const optional = { nullable: true } as const;

@ObjectType()
export class ReportFile {
  @Field(() => ReportFormatEnum)
  format!: ReportFormat;

  @Field(() => String, { description: 'Where to download it, with a token.' })
  url!: string;

  @Field(() => Float)
  bytes!: number;

  @Field(() => String)
  sha256!: string;
}

@ObjectType({ description: 'An address that works without a token for a while.' })
export class ReportFileLink {
  @Field(() => String)
  url!: string;

  @Field(() => DateTimeScalar)
  expiresAt!: Date;
}

@ArgsType()
export class SignReportFileArgs {
  @Field(() => ID)
  id!: string;

  @Field(() => ReportFormatEnum)
  format!: ReportFormat;

  @Field(() => Int, { defaultValue: 900, description: 'A day (86400) at most.' })
  expiresInSeconds!: number;
}

/** `files` has a resolver: the address depends on where the service is reached. */
@ObjectType({ description: 'A hygiene report over a period, as files.' })
export class Report {
  @Field(() => ID)
  id!: string;

  @Field(() => ReportStatusEnum)
  status!: ReportStatus;

  @Field(() => String, optional)
  error!: string | null;

  @Field(() => DateTimeScalar)
  from!: Date;

  @Field(() => DateTimeScalar)
  to!: Date;

  @Field(() => DateTimeScalar)
  createdAt!: Date;

  @Field(() => Float, optional)
  score!: number | null;

  @Field(() => String, optional)
  auditHead!: string | null;

  @Field(() => [Count])
  totals!: readonly Count[];
}

export const ReportConnection = connectionOf(() => Report, 'Report');

@InputType({ description: 'None of it: the last seven days, all targets, all formats.' })
export class GenerateReportInput {
  @Field(() => DateTimeScalar, optional)
  from?: string;

  @Field(() => DateTimeScalar, optional)
  to?: string;

  @Field(() => [ID], optional)
  targetIds?: string[];

  @Field(() => [ReportFormatEnum], optional)
  formats?: ReportFormat[];
}

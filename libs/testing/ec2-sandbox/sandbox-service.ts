import { ResourceType } from '@aws-sdk/client-ec2';
import { ApiError } from './api-error.js';
import type { Authenticated } from './authenticate.js';
import { describeResources } from './describe-resources.js';
import { listShapeOf, operationsOf } from './list-shape.js';
import { newerOperation } from './newer-operations.js';
import { readParameters } from './read-parameters.js';
import type { Principals } from './sandbox-account.js';
import type { SandboxStore } from './sandbox-store.js';
import { ServiceModel, type Operation } from './service-model.js';
import { assumeRole, getCallerIdentity } from './sts-actions.js';
import { createTags, deleteTags, describeTags } from './tag-actions.js';
import { writeReply } from './write-xml.js';

export interface Answer {
  readonly action: string;
  readonly xml: string;
}

const TAG_ACTIONS = { CreateTags: createTags, DeleteTags: deleteTags, DescribeTags: describeTags } as const;

/** The actions of EC2 and STS over what is stored; every request is read and every reply written by AWS's service model. */
export class SandboxService {
  private readonly ec2 = ServiceModel.load('ec2-2016-11-15.min.json');
  private readonly sts = ServiceModel.load('sts-2011-06-15.min.json');
  private readonly typeOfOperation = new Map(
    Object.values(ResourceType).flatMap((type) =>
      operationsOf(type).map((operation) => [operation, type] as const),
    ),
  );

  constructor(
    private readonly store: SandboxStore,
    private readonly principals: Principals,
  ) {}

  /** By the API version, as the real services tell requests apart behind one name. */
  modelFor(form: URLSearchParams): ServiceModel {
    const version = form.get('Version') ?? '';
    const model = [this.ec2, this.sts].find((one) => one.version === version);
    if (model === undefined)
      throw new ApiError('NoSuchVersion', `The requested version (${version}) is not valid.`);
    return model;
  }

  /** Answers an authenticated request. Throws an ApiError for what the service refuses. */
  async answer(form: URLSearchParams, caller: Authenticated, requestId: string): Promise<Answer> {
    const model = this.modelFor(form);
    const action = form.get('Action') ?? '';
    const operation = await this.operation(model, action);
    const parameters = readParameters(form, operation.input, model);
    if (parameters['DryRun'] === true)
      throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
    const output = model.isEc2
      ? this.ec2Output(operation, parameters, caller)
      : this.stsOutput(operation, parameters, caller);
    return { action, xml: writeReply(operation, output, model, requestId) };
  }

  private async operation(model: ServiceModel, action: string): Promise<Operation> {
    const known = model.operation(action);
    if (known !== null) return known;
    const newer = model.isEc2 ? await newerOperation(action) : null;
    if (newer === null) throw unknownAction(action);
    model.add(newer);
    return newer;
  }

  private ec2Output(
    operation: Operation,
    parameters: Readonly<Record<string, unknown>>,
    caller: Authenticated,
  ): object {
    const { name } = operation;
    const { region } = caller;
    const account = caller.principal.account.id;
    if (name in TAG_ACTIONS)
      return TAG_ACTIONS[name as keyof typeof TAG_ACTIONS]({
        store: this.store,
        account,
        region,
        parameters,
      });
    const resourceType = this.typeOfOperation.get(name);
    const list = resourceType === undefined ? null : listShapeOf(operation, resourceType, this.ec2);
    if (resourceType === undefined || list === null) throw unknownAction(name);
    const stored = this.store.list(account, region, resourceType);
    return describeResources(stored, {
      operation: name,
      resourceType,
      list,
      model: this.ec2,
      parameters,
      account,
    });
  }

  private stsOutput(
    { name }: Operation,
    parameters: Readonly<Record<string, unknown>>,
    { principal }: Authenticated,
  ): object {
    if (name === 'GetCallerIdentity') return getCallerIdentity(principal);
    if (name === 'AssumeRole') return assumeRole(this.principals, parameters);
    throw unknownAction(name);
  }
}

export function unknownAction(action: string): ApiError {
  return new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`);
}

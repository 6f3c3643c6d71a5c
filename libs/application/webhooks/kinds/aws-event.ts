import { at, listAt, textAt } from '../read-json.js';
import { contentOf, named } from './content.js';
import type { DeliveryContent, NamedResource } from './webhook-kind.js';

/** `arn:aws:ec2:eu-west-1:123456789012:instance/i-0123456789abcdef0` */
const EC2_ARN = /^arn:aws[a-z-]*:ec2:([a-z0-9-]+):(\d{12}):[a-z-]+\/([a-z0-9-]+)$/;

/** An event of Amazon EventBridge. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export function isAwsEvent(payload: unknown): boolean {
  return textAt(payload, 'detail-type') !== null && textAt(payload, 'source') !== null;
}

export function awsEventName(payload: unknown): string {
  const call = textAt(payload, 'detail', 'eventName');
  return `${textAt(payload, 'detail-type') ?? 'event'}${call === null ? '' : `: ${call}`}`;
}

export function awsEventContent(payload: unknown): DeliveryContent {
  const source = textAt(payload, 'source');
  const found = source === 'aws.ecr' ? imageIn(payload) : instancesIn(payload);
  return contentOf(found, awsEventName(payload));
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
function imageIn(payload: unknown): NamedResource[] {
  return named('registry', textAt(payload, 'detail', 'repository-name'));
}

function instancesIn(payload: unknown): NamedResource[] {
  const place = { region: textAt(payload, 'region'), account: textAt(payload, 'account') };
  const ids = [textAt(payload, 'detail', 'instance-id'), ...idsOfCall(at(payload, 'detail'))];
  const given = ids
    .filter((id) => id !== null)
    .map((id): NamedResource => ({ platform: 'ec2', names: [id], ...place }));
  const arns = listAt(payload, 'resources').flatMap((arn) => resourceOfArn(String(arn)));
  return [...given, ...arns].filter(
    ({ names: [id] }, n, all) => all.findIndex(({ names }) => names[0] === id) === n,
  );
}

function resourceOfArn(arn: string): NamedResource[] {
  const [, region, account, id] = EC2_ARN.exec(arn) ?? [];
  return region === undefined || account === undefined || id === undefined
    ? []
    : [{ platform: 'ec2', names: [id], region, account }];
}

/** Calls that change tags or make what carries them, as CloudTrail records them. A call that failed changed nothing. */
function idsOfCall(detail: unknown): (string | null)[] {
  if (at(detail, 'errorCode') !== undefined && at(detail, 'errorCode') !== null) return [];
  const call = textAt(detail, 'eventName');
  if (call === 'CreateTags' || call === 'DeleteTags')
    return listAt(detail, 'requestParameters', 'resourcesSet', 'items').map((item) =>
      textAt(item, 'resourceId'),
    );
  if (call === 'RunInstances')
    return listAt(detail, 'responseElements', 'instancesSet', 'items').map((item) =>
      textAt(item, 'instanceId'),
    );
  if (call === 'TerminateInstances')
    return listAt(detail, 'requestParameters', 'instancesSet', 'items').map((item) =>
      textAt(item, 'instanceId'),
    );
  return [];
}

import { sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '#testing';
import { Hmac } from '../signatures/hmac.js';
import { signingCertificateUrl } from '../signatures/sns-signature.js';
import { sns } from './sns.js';

const NOW = new Date('2026-05-01T12:00:00Z');
const DAY_MS = 86_400_000;
const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:images';
const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem';
const dates = { from: new Date(NOW.getTime() - DAY_MS), until: new Date(NOW.getTime() + DAY_MS) };
const signer = selfSigned(dates);
const NOTIFIED = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];
const CONFIRMED = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];

type Message = Record<string, string>;
const notification: Message = {
  Type: 'Notification',
  MessageId: 'm-1',
  TopicArn: TOPIC,
  Message: 'something happened\nhere',
  Timestamp: NOW.toISOString(),
};
const confirmation: Message = {
  ...notification,
  Type: 'SubscriptionConfirmation',
  Token: '2336412f37fb687f5d51e6e241d1',
  SubscribeURL: 'http://169.254.169.254/latest/meta-data',
};

/** As SNS does: key and value of each field that is there, each on a line of its own. */
function signed(message: Message, more: Message = {}, key = signer.privateKey): Message {
  const names = message['Type'] === 'Notification' ? NOTIFIED : CONFIRMED;
  const text = names
    .flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]))
    .join('');
  const Signature = sign('sha256', Buffer.from(text), key).toString('base64');
  return { SignatureVersion: '2', SigningCertURL: CERTIFICATE_URL, Signature, ...message, ...more };
}

async function asked(message: Message, pem = signer.certificate, topicArn: string | null = TOPIC) {
  const fetched: string[] = [];
  const request = { webhookId: 'w', headers: {}, body: Buffer.from(JSON.stringify(message)) };
  const certificates = {
    certificate: async (url: URL) => {
      fetched.push(url.href);
      return pem;
    },
  };
  const proof = { secrets: [], topicArn, now: NOW, hmac: new Hmac(), certificates };
  return { isAuthentic: await sns.authenticate(request, proof), fetched };
}

describe('A12: SNS', () => {
  it('takes what AWS has signed, with and without a subject', async () => {
    for (const message of [notification, { ...notification, Subject: 'Hello' }, confirmation])
      expect(await asked(signed(message))).toEqual({ isAuthentic: true, fetched: [CERTIFICATE_URL] });
  });

  it.each([
    'http://sns.eu-west-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com.evil.tld/x.pem',
    'https://evil/?sns.us-east-1.amazonaws.com',
    'https://evil.tld/sns.us-east-1.amazonaws.com/x.pem',
    'https://s3.amazonaws.com/sns.pem',
    'https://sns.s3.amazonaws.com/x.pem',
    'https://user@sns.us-east-1.amazonaws.com/x.pem',
    'https://sns.us-east-1.amazonaws.com:8443/x.pem',
    'https://sns.us-east-1.amazonaws.com/x.pem?y=1',
    'https://sns.us-east-1.amazonaws.com/x.txt',
    'https://sns.us-east-1.amazonaws.com/a/../x.pem',
    'https://sns.us-east-1.amazonaws.com\\@evil.tld/x.pem',
    ' https://sns.us-east-1.amazonaws.com/x.pem',
    'https://SNS.us-east-1.amazonaws.com/x.pem',
    'file:///etc/x.pem',
    '',
  ])('W15: refuses a certificate at %j before any network', async (url) => {
    const spoilt = signed(notification, { SigningCertURL: url });
    expect(await asked(spoilt)).toEqual({ isAuthentic: false, fetched: [] });
  });

  it('knows the hosts of every partition', () => {
    for (const region of ['us-gov-west-1', 'ap-southeast-2', 'cn-north-1'])
      expect(
        signingCertificateUrl(
          `https://sns.${region}.amazonaws.com${region.startsWith('cn') ? '.cn' : ''}/a.pem`,
        ),
      ).not.toBeNull();
  });

  it('W17: refuses a good signature of another topic before any network', async () => {
    const other = signed({ ...notification, TopicArn: TOPIC.replace('123456789012', '210987654321') });
    expect(await asked(other)).toEqual({ isAuthentic: false, fetched: [] });
    expect(await asked(signed(notification), signer.certificate, null)).toMatchObject({ isAuthentic: false });
  });

  it('W18: refuses SignatureVersion 1', async () => {
    expect(await asked(signed(notification, { SignatureVersion: '1' }))).toEqual({
      isAuthentic: false,
      fetched: [],
    });
  });

  it('refuses what is old, early, changed, signed by somebody else, or signed with a certificate that does not hold now', async () => {
    const at = (minutes: number) => new Date(NOW.getTime() + minutes * 60_000).toISOString();
    for (const Timestamp of [at(-66), at(6), 'yesterday'])
      expect(await asked(signed({ ...notification, Timestamp }))).toEqual({
        isAuthentic: false,
        fetched: [],
      });
    for (const field of ['Message', 'MessageId', 'Type'])
      expect(await asked({ ...signed(confirmation), [field]: 'Notification' })).toMatchObject({
        isAuthentic: false,
      });
    expect(await asked(signed(notification), selfSigned(dates).certificate)).toMatchObject({
      isAuthentic: false,
    });
    const expired = selfSigned({ from: new Date(0), until: new Date(NOW.getTime() - 1_000) });
    const late = signed(notification, {}, expired.privateKey);
    expect(await asked(late, expired.certificate)).toMatchObject({ isAuthentic: false });
    for (const pem of ['', 'no certificate', signer.key])
      expect(await asked(signed(notification), pem)).toMatchObject({ isAuthentic: false });
  });

  it('W16: a confirmation is left to the operator', () => {
    const { event, deliveryId, content } = sns.parse({
      headers: {},
      body: Buffer.from(JSON.stringify(confirmation)),
    });
    expect({ event, deliveryId }).toEqual({ event: 'SubscriptionConfirmation', deliveryId: 'm-1' });
    expect(content).toEqual({
      type: 'confirmation',
      instruction: `Confirm within three days: aws sns confirm-subscription --topic-arn ${TOPIC} --token ${confirmation['Token']}`,
    });
    const nasty = { ...confirmation, Token: "x'; rm -rf / #`$(id)`" };
    const read = sns.parse({ headers: {}, body: Buffer.from(JSON.stringify(nasty)) });
    expect(JSON.stringify(read.content)).toContain('--token xrm-rf/id"');
  });

  it('is about what an event of EventBridge in it names, else about everything', () => {
    const content = (Message: string) =>
      sns.parse({ headers: {}, body: Buffer.from(JSON.stringify({ ...notification, Message })) });
    const event = {
      ...{ 'detail-type': 'EC2 Instance State-change Notification', source: 'aws.ec2' },
      detail: { 'instance-id': 'i-0abcd1234abcd1234' },
    };
    expect(content(JSON.stringify(event))).toMatchObject({
      ...{ event: 'EC2 Instance State-change Notification' },
      content: { type: 'resources', resources: [{ names: ['i-0abcd1234abcd1234'] }] },
    });
    expect(content('plain words').content).toEqual({ type: 'everything' });
  });
});

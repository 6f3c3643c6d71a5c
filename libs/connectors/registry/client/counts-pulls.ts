import type { RegistryConfig } from '../config.js';

/** Docker Hub limits pulls by plan; ECR dates an image by its last pull, and lifecycle policies go by that date. */
const HOSTS = /^(registry-1\.docker\.io|public\.ecr\.aws|.+\.dkr\.ecr(-fips)?\..+\.amazonaws\.com(\.cn)?)$/;

/**
 * Does fetching a manifest there cost somebody something? Then manifests are fetched only when a rule asks for what they say.
 * https://docs.docker.com/docker-hub/usage/pulls/, https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function countsPulls({ url, flavor }: Pick<RegistryConfig, 'url' | 'flavor'>): boolean {
  return flavor === 'DOCKER_HUB' || flavor === 'ECR' || HOSTS.test(new URL(url).hostname);
}

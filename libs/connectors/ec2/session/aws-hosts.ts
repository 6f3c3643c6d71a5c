/** https://docs.aws.amazon.com/general/latest/gr/ec2-service.html, by partition. */
const SUFFIXES = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'c2s.ic.gov',
  'sc2s.sgov.gov',
  'api.aws',
];

/**
 * AWS's own host names for the regions of a target. They may answer with a private address (a VPC endpoint): the names are
 * AWS's, not a user's, and TLS proves them.
 */
export function awsHosts(regions: readonly string[]): readonly string[] {
  return regions.flatMap((region) =>
    ['ec2', 'sts', 'ec2-fips', 'sts-fips'].flatMap((service) =>
      SUFFIXES.map((suffix) => `${service}.${region}.${suffix}:443`),
    ),
  );
}

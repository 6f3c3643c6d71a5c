import { exact, prefix, type Matcher } from '../matchers/matcher.js';
import type { Platform } from '../model/platform.js';

export interface BuiltInProtection {
  readonly tag: Matcher;
  /** What stops working when the tag changes. */
  readonly because: string;
}

const kubernetes = 'Kubernetes finds the cluster, its load balancers and its volumes by it';
const karpenter = 'Karpenter finds and retires its nodes by it';
const controllers =
  'AWS controllers for Kubernetes own their resources, and scope their IAM permissions, by it';
const eks = 'EKS and eksctl find the nodes and networks of a cluster by it';

/**
 * Tags that tools work by: changing one breaks something. A pack lifts them with `unprotect`. Sources: the tag
 * requirements of the AWS Load Balancer Controller, EKS, Karpenter, EBS and EFS CSI drivers, ACK, ECS managed
 * instances, Systems Manager patch groups, Data Lifecycle Manager and Elastic Beanstalk user guides.
 */
export const BUILT_IN_PROTECTIONS: Readonly<Record<Platform, readonly BuiltInProtection[]>> = {
  ec2: [
    { tag: prefix('kubernetes.io/'), because: kubernetes },
    { tag: prefix('k8s.io/'), because: kubernetes },
    { tag: exact('KubernetesCluster'), because: kubernetes },
    { tag: exact('CSIVolumeName'), because: kubernetes },
    { tag: prefix('ebs.csi.aws.com/'), because: kubernetes },
    { tag: prefix('efs.csi.aws.com/'), because: kubernetes },
    { tag: prefix('sigs.k8s.io/'), because: kubernetes },
    { tag: prefix('karpenter.sh/'), because: karpenter },
    { tag: prefix('karpenter.k8s.aws/'), because: karpenter },
    { tag: prefix('elbv2.k8s.aws/'), because: controllers },
    { tag: prefix('ingress.k8s.aws/'), because: controllers },
    { tag: prefix('service.k8s.aws/'), because: controllers },
    { tag: prefix('services.k8s.aws/'), because: controllers },
    { tag: prefix('eks:'), because: eks },
    { tag: prefix('alpha.eksctl.io/'), because: eks },
    { tag: prefix('node.k8s.amazonaws.com/'), because: eks },
    { tag: prefix('cluster.k8s.amazonaws.com/'), because: eks },
    { tag: exact('AmazonECSManaged'), because: 'ECS scales the Auto Scaling groups that carry it' },
    { tag: exact('Patch Group'), because: 'Systems Manager picks the patch baseline by it' },
    { tag: exact('PatchGroup'), because: 'Systems Manager picks the patch baseline by it' },
    { tag: prefix('dlm:'), because: 'Data Lifecycle Manager expires the snapshots and images that carry it' },
    {
      tag: prefix('elasticbeanstalk:'),
      because: 'Elastic Beanstalk finds the resources of an environment by it',
    },
  ],
  git: [],
  registry: [],
  docker: [],
};

/**
 * Names that are not for rules about names: keys that a platform keeps for itself, and tags by which registries hang signatures,
 * attestations and other referrers on a manifest (cosign's scheme, and the referrers tag schema of the OCI distribution
 * specification 1.1). Such a tag shares the fate of the manifest that it names; none is ever at fault by its own name or age.
 */
export const RESERVED_NAMES: Readonly<Record<Platform, RegExp | null>> = {
  ec2: /^aws:/i,
  git: null,
  registry: /^sha(256|512)-[0-9a-f]{64,128}(\.[A-Za-z0-9._-]+)?$/,
  docker: null,
};

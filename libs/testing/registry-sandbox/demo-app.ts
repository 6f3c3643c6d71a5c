import {
  attestation,
  cosignSignature,
  cosignTag,
  imageIndex,
  imageManifest,
  referrer,
  descriptorOf,
  type Manifest,
  type RepositoryContent,
} from '../registry-content/index.js';

const DAY_MS = 86_400_000;
const NIGHTLIES = 420;
const PULL_REQUESTS = 60;
const COMMITS = 40;
const PLATFORMS = ['amd64', 'arm64'].map((architecture) => ({ os: 'linux', architecture }));

type Tagged = readonly (readonly [tag: string, manifest: Manifest])[];

/** `daysAgo` counts from the newest nightly. */
interface Clock {
  readonly at: (daysAgo: number) => Date;
}

/** The repository of one team after three years, with the faults that everybody knows. The same at every call for the same day. */
export function demoApp(newest: Date): RepositoryContent {
  const clock: Clock = { at: (daysAgo) => new Date(newest.getTime() - daysAgo * DAY_MS) };
  const releases = releasesOf(clock);
  const tags = [
    ...releases,
    ...scraps(clock),
    ...pullRequests(clock),
    ...commits(clock),
    ...nightlies(clock),
    ...signatures(Object.fromEntries(releases)),
  ];
  const untagged = [9, 40, 200].map((daysAgo) =>
    image(`lost its tag ${daysAgo} days ago`, clock.at(daysAgo)),
  );
  return {
    tags: Object.fromEntries(tags),
    extra: [...untagged, referrer(descriptorOf(image('1.4.0', clock.at(12))))],
  };
}

function image(text: string, created: Date | null, platform = PLATFORMS[0]): Manifest {
  return imageManifest({ layers: ['base', text], created, ...(platform === undefined ? {} : { platform }) });
}

function multi(text: string, created: Date): Manifest {
  const images = PLATFORMS.map((platform) => image(text, created, platform));
  return imageIndex([...images, ...images.map(({ digest }) => attestation(digest))]);
}

/** Two ways to write one version, tags that float, `Latest` that was left behind, and a gap where 1.3.1 was never tagged. */
function releasesOf({ at }: Clock): Tagged {
  const [v123, v140, v150] = [image('1.2.3', at(400)), multi('1.4.0', at(12)), multi('1.5.0-rc.1', at(3))];
  return [
    ['1.0.0', image('1.0.0', at(1_100))],
    ['1.1.0', image('1.1.0', at(820))],
    ['release-1.1', image('release-1.1', at(815))],
    ['1.2.3', v123],
    ['v1.2.3', v123],
    ['Latest', v123],
    ['1.3', image('1.3.0', at(190))],
    ['1.3.0', image('1.3.0', at(190))],
    ['v1.3.2', image('1.3.2', at(150))],
    ['1.4.0', v140],
    ['1.4', v140],
    ['1', v140],
    ['latest', v140],
    ['stable', v140],
    ['1.5.0-rc.1', v150],
    ['edge', v150],
  ];
}

/** What somebody needed for an afternoon. One has no date, and one the date of a reproducible build. */
function scraps({ at }: Clock): Tagged {
  const names = [
    'tmp',
    'temp',
    'test',
    'test2',
    'wip-login',
    'wip-new-checkout',
    'dev',
    'feature_x',
    'johns-build',
  ];
  return [
    ...names.map((name, n) => [name, image(name, at(60 + n * 45))] as const),
    ['no-date', image('no-date', null)],
    ['reproducible', image('reproducible', new Date(0))],
    ['do-not-use', image('1.1.0', at(820))],
  ];
}

function pullRequests({ at }: Clock): Tagged {
  return Array.from({ length: PULL_REQUESTS }, (_, n) => {
    const number = 123 + n;
    return [`pr-${number}`, image(`pr-${number}`, at((PULL_REQUESTS - n) * 7))] as const;
  });
}

function commits({ at }: Clock): Tagged {
  return Array.from({ length: COMMITS }, (_, n) => {
    const built = image(`commit ${n}`, at(n * 2));
    return [`sha-${built.digest.slice(7, 14)}`, built] as const;
  });
}

/** One each day at two in the morning. */
function nightlies({ at }: Clock): Tagged {
  return Array.from({ length: NIGHTLIES }, (_, daysAgo) => {
    const day = at(daysAgo);
    const name = `nightly-${day.toISOString().slice(0, 10).replaceAll('-', '')}`;
    return [name, image(name, day)] as const;
  });
}

/** Of a release that is there, and of one that was removed without its signature. */
function signatures(releases: Readonly<Record<string, Manifest>>): Tagged {
  const signed = releases['1.4.0']?.digest ?? '';
  const gone = imageManifest({ layers: ['gone'] }).digest;
  return [
    [cosignTag(signed), cosignSignature(signed)],
    [cosignTag(signed, 'att'), cosignSignature(signed)],
    [cosignTag(gone), cosignSignature(gone)],
  ];
}

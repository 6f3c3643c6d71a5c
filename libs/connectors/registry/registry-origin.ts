/** What people write for Docker Hub; the registry behind all of them answers at one host. */
const DOCKER_HUB_NAMES = new Set([
  'docker.io',
  'www.docker.io',
  'index.docker.io',
  'hub.docker.com',
  'registry.hub.docker.com',
  'registry-1.docker.io',
]);
const DOCKER_HUB = 'https://registry-1.docker.io';

/** The origin that a registry's address means, or what is wrong with the address. */
export type OriginReading = { readonly origin: string } | { readonly fault: string };

export function registryOrigin(text: string): OriginReading {
  const bare = text.toLowerCase().replace(/^https?:\/\//, '');
  if (DOCKER_HUB_NAMES.has(bare.split(/[/:]/)[0] ?? '') && !bare.includes('@')) return { origin: DOCKER_HUB };
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === '')
    return { fault: 'The url must be https://host or https://host:port, like https://registry.example.com.' };
  if (url.username !== '' || url.password !== '')
    return {
      fault: 'The url carries a user name or password. Take them out and store them as a credential.',
    };
  if (!/^\/(v2\/?)?$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    return {
      fault:
        'The url is the registry itself, without a path: https://host[:port]. Repositories are named in repositories.',
    };
  return { origin: url.origin };
}

export function isDockerHub(origin: string): boolean {
  return origin === DOCKER_HUB;
}

import type { ApiConfig } from '../api-dependencies.js';

/** The page at `/`: where to go from here. It holds nothing of the installation but its version. */
export function landingPage(config: Pick<ApiConfig, 'introspection' | 'version'>): string {
  const explorer = config.introspection
    ? link(
        '/graphql',
        'GraphQL explorer',
        'Try queries against this service; paste a token into its headers.',
      )
    : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tagward</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Tagward</h1>
<p>Tag hygiene: scans, findings, reports and safe fixes. Version ${escapeHtml(config.version)}.</p>
<ul>
${explorer}${link('/api/docs', 'REST API', 'Every operation, as OpenAPI.')}
${link('/health/ready', 'Health', 'Is everything there that requests need?')}
</ul>
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dee4, #30363d); --soft: light-dark(#57606a, #9198a1); }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 40rem; margin: 0 auto; padding: 4rem 1.5rem; }
h1 { margin: 0 0 .5rem; font-size: 2rem; letter-spacing: -.02em; }
p, small { color: var(--soft); }
ul { list-style: none; margin: 2rem 0 0; padding: 0; border-top: 1px solid var(--line); }
li { border-bottom: 1px solid var(--line); }
a { display: block; padding: 1rem 0; color: inherit; text-decoration: none; font-weight: 600; }
a:hover, a:focus-visible { text-decoration: underline; }
small { display: block; font-weight: 400; font-size: .9rem; }
`;

function link(href: string, title: string, text: string): string {
  return `<li><a href="${href}">${title}<small>${text}</small></a></li>\n`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

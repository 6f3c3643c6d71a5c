import { isAlias, visit, type Alias, type Document, type Node } from 'yaml';

/** What each alias of a document stands for: the last node before it with that anchor. One walk for all of them. */
export function aliasTargets(document: Document): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node)) {
        if (node.anchor !== undefined) anchored.set(node.anchor, node);
        return;
      }
      const target = anchored.get(node.source);
      if (target !== undefined) targets.set(node, target);
    },
  });
  return targets;
}

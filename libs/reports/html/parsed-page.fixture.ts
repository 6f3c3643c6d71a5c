import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;
/** With which the ids of findings' rows begin. */
const ROW = 'f-';
export type PageElement = DefaultTreeAdapterTypes.Element;

/** Every element of a page in its order, as a browser's parser sees it. */
export function elementsOf(page: string): readonly PageElement[] {
  return parse(page).childNodes.flatMap(withDescendants);
}

export function byTag(elements: readonly PageElement[], tag: string): readonly PageElement[] {
  return elements.filter(({ tagName }) => tagName === tag);
}

export function within(element: PageElement, tag: string): readonly PageElement[] {
  return byTag(element.childNodes.flatMap(withDescendants), tag);
}

export function attribute(element: PageElement, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

export function textIn(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textIn).join('') : '';
}

/** The cells of the findings table, row by row. */
export function findingRows(page: string): readonly (readonly PageElement[])[] {
  return findingElements(page).map((row) => within(row, 'td'));
}

/** The ids of the findings that the table lists, in its order. */
export function findingRowIds(page: string): readonly string[] {
  return findingElements(page).map((row) => attribute(row, 'id')?.slice(ROW.length) ?? '');
}

/** What a platform's text became in a cell: the text of its first `bdi`. */
export function foreignTextIn(cell: PageElement | undefined): string | undefined {
  const first = cell && within(cell, 'bdi')[0];
  return first && textIn(first);
}

function findingElements(page: string): readonly PageElement[] {
  return byTag(elementsOf(page), 'tr').filter((row) => attribute(row, 'id')?.startsWith(ROW));
}

function withDescendants(node: Node): readonly PageElement[] {
  return 'tagName' in node ? [node, ...node.childNodes.flatMap(withDescendants)] : [];
}

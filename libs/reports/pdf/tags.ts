import type { Canvas } from './canvas.js';

type Element = PDFKit.PDFStructureElement;
type ElementOptions = Readonly<{ alt?: string; scope?: 'Row' | 'Column' }>;

/** The structure that a screen reader follows (PDF 1.7, 14.8): groups, and text within them. What is in neither is not read. */
export class Tags {
  readonly #open: Element[] = [];

  constructor(
    private readonly document: PDFKit.PDFDocument,
    private readonly canvas: Canvas,
  ) {}

  /** A group of what comes until it is closed, over pages if need be. */
  open(type: string, options: ElementOptions = {}): void {
    const element = this.document.struct(type, options);
    this.#add(element);
    this.#open.push(element);
  }

  close(): void {
    this.#open.pop()?.end();
  }

  group(type: string, body: () => void): void {
    this.open(type);
    body();
    this.close();
  }

  /** Text, or a figure, on one page. */
  content(type: string, draw: () => void, options: ElementOptions = {}): void {
    const element = this.document.struct(type, options);
    this.#add(element);
    this.canvas.flush();
    const content = this.document.markStructureContent(type);
    draw();
    this.canvas.flush();
    this.document.endMarkedContent();
    element.add(content).end();
  }

  /** What says nothing to who cannot see it, or says it again. */
  artifact(type: 'Pagination' | 'Layout', draw: () => void): void {
    this.canvas.flush();
    this.document.markContent('Artifact', { type });
    draw();
    this.canvas.flush();
    this.document.endMarkedContent();
  }

  end(): void {
    while (this.#open.length > 0) this.close();
  }

  #add(element: Element): void {
    const parent = this.#open.at(-1);
    if (parent === undefined) this.document.addStructure(element);
    else parent.add(element);
  }
}

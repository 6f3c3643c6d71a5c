import type { ReportModel } from '#application';
import { attributeText } from './cell-text.js';
import { columnName, type SheetRow } from './sheet-rows.js';
import { type SheetLayout, sheetXml } from './sheet-xml.js';
import { stylesXml } from './styles.js';
import type { ZipPart } from './zip-parts.js';

interface WrittenSheet {
  readonly name: string;
  readonly layout: SheetLayout;
  rows: number;
}

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** The parts of a workbook (ECMA-376 part 1, 12.3), written in one pass: the parts that list the sheets come after them. */
export class Workbook {
  readonly #sheets: WrittenSheet[] = [];

  constructor(private readonly model: ReportModel) {}

  /** What comes first; programs that guess at a file's type look at the first name. */
  *opening(): Generator<ZipPart> {
    yield part(
      '_rels/.rels',
      relationships(
        [
          ['rId1', 'officeDocument', 'xl/workbook.xml'],
          ['rId2', 'extended-properties', 'docProps/app.xml'],
        ],
        CORE_PROPERTIES,
      ),
    );
    yield part('docProps/core.xml', this.#coreProperties());
    yield part(
      'docProps/app.xml',
      `<Properties xmlns="${OFFICE}/extended-properties"><Application>Tagward</Application></Properties>`,
    );
    yield part('xl/styles.xml', stylesXml());
  }

  /** The next sheet, to be read to its end before another one is begun. */
  sheet(name: string, layout: SheetLayout, rows: Iterable<SheetRow> | AsyncIterable<SheetRow>): ZipPart {
    const sheet: WrittenSheet = { name, layout, rows: 0 };
    this.#sheets.push(sheet);
    const body = sheetXml(layout, rows, (count) => (sheet.rows = count));
    return { path: `xl/worksheets/sheet${this.#sheets.length}.xml`, text: afterDeclaration(body) };
  }

  *closing(): Generator<ZipPart> {
    yield part('xl/workbook.xml', this.#workbookXml());
    yield part(
      'xl/_rels/workbook.xml.rels',
      relationships([
        ...this.#sheets.map((_, index): Relationship => [
          `rId${index + 1}`,
          'worksheet',
          `worksheets/sheet${index + 1}.xml`,
        ]),
        [`rId${this.#sheets.length + 1}`, 'styles', 'styles.xml'],
      ]),
    );
    yield part('[Content_Types].xml', this.#contentTypes());
  }

  #workbookXml(): string {
    const sheets = this.#sheets.map(
      ({ name }, index) =>
        `<sheet name="${attributeText(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`,
    );
    const names = this.#sheets.flatMap((sheet, index) =>
      sheet.layout.isTable ? definedNames(sheet, index) : [],
    );
    return (
      `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="${OFFICE}/relationships">` +
      '<bookViews><workbookView activeTab="0"/></bookViews>' +
      `<sheets>${sheets.join('')}</sheets><definedNames>${names.join('')}</definedNames></workbook>`
    );
  }

  #contentTypes(): string {
    const overrides = [
      ['/xl/workbook.xml', `${TYPE}.sheet.main+xml`],
      ...this.#sheets.map((_, index) => [`/xl/worksheets/sheet${index + 1}.xml`, `${TYPE}.worksheet+xml`]),
      ['/xl/styles.xml', `${TYPE}.styles+xml`],
      ['/docProps/core.xml', 'application/vnd.openxmlformats-package.core-properties+xml'],
      ['/docProps/app.xml', 'application/vnd.openxmlformats-officedocument.extended-properties+xml'],
    ].map(([name, type]) => `<Override PartName="${name}" ContentType="${type}"/>`);
    return (
      `<Types xmlns="${PACKAGE}/content-types">` +
      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
      `<Default Extension="xml" ContentType="application/xml"/>${overrides.join('')}</Types>`
    );
  }

  #coreProperties(): string {
    const at = `${this.model.generatedAt.toISOString().slice(0, 19)}Z`;
    return (
      `<cp:coreProperties xmlns:cp="${PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
      '<dc:title>Tag hygiene report</dc:title><dc:creator>Tagward</dc:creator>' +
      `<dcterms:created xsi:type="dcterms:W3CDTF">${at}</dcterms:created>` +
      `<dcterms:modified xsi:type="dcterms:W3CDTF">${at}</dcterms:modified></cp:coreProperties>`
    );
  }
}

type Relationship = readonly [id: string, type: string, target: string];

const CORE_PROPERTIES = `<Relationship Id="rId3" Type="${PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>`;

function relationships(list: readonly Relationship[], more = ''): string {
  const each = list.map(
    ([id, type, target]) =>
      `<Relationship Id="${id}" Type="${OFFICE}/relationships/${type}" Target="${target}"/>`,
  );
  return `<Relationships xmlns="${PACKAGE}/relationships">${each.join('')}${more}</Relationships>`;
}

/** The range of the filter, and the row that is repeated on paper (18.2.5). */
function definedNames({ name, layout, rows }: WrittenSheet, index: number): string[] {
  const quoted = attributeText(`'${name.replaceAll("'", "''")}'`);
  const last = columnName(layout.widths.length - 1);
  return [
    `<definedName name="_xlnm._FilterDatabase" localSheetId="${index}" hidden="1">${quoted}!$A$1:$${last}$${rows}</definedName>`,
    `<definedName name="_xlnm.Print_Titles" localSheetId="${index}">${quoted}!$1:$1</definedName>`,
  ];
}

function part(path: string, xml: string): ZipPart {
  return { path, text: afterDeclaration([xml]) };
}

async function* afterDeclaration(xml: Iterable<string> | AsyncIterable<string>): AsyncGenerator<string> {
  yield DECLARATION;
  yield* xml;
}

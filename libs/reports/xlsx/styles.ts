import { SEVERITIES, type Severity } from '#core';
import { LIGHT } from '../html/palette.js';

interface CellFormat {
  readonly font?: string;
  readonly fill?: string;
  readonly numberFormat?: number;
  readonly alignment?: string;
  readonly border?: 'line';
}

/** Ids from 164 on are free for formats of one's own (ECMA-376 part 1, 18.8.30). */
const DATE = 164;
const ONE_DECIMAL = 165;
const SIGNED_DECIMAL = 166;
const NUMBER_FORMATS: readonly (readonly [id: number, code: string])[] = [
  [DATE, 'yyyy-mm-dd hh:mm'],
  [ONE_DECIMAL, '0.0'],
  [SIGNED_DECIMAL, '+0.0;-0.0;0.0'],
];
/** `#,##0`, built in. */
const INTEGER = 3;
const TEXT = 49;

const FORMATS = {
  plain: { alignment: 'vertical="top"' },
  text: { numberFormat: TEXT, alignment: 'vertical="top"' },
  wrapped: { numberFormat: TEXT, alignment: 'vertical="top" wrapText="1"' },
  integer: { numberFormat: INTEGER, alignment: 'vertical="top"' },
  decimal: { numberFormat: ONE_DECIMAL, alignment: 'vertical="top"' },
  signed: { numberFormat: SIGNED_DECIMAL, alignment: 'vertical="top"' },
  integerLeft: { numberFormat: INTEGER, alignment: 'vertical="top" horizontal="left"' },
  decimalLeft: { numberFormat: ONE_DECIMAL, alignment: 'vertical="top" horizontal="left"' },
  signedLeft: { numberFormat: SIGNED_DECIMAL, alignment: 'vertical="top" horizontal="left"' },
  date: { numberFormat: DATE, alignment: 'vertical="top" horizontal="left"' },
  header: {
    font: font('ffffff', 'b'),
    fill: '2b3a4f',
    alignment: 'vertical="center" wrapText="1"',
  },
  title: { font: font(LIGHT.text, 'b', 20), alignment: 'vertical="center"' },
  heading: { font: font(LIGHT.accent, 'b', 13), alignment: 'vertical="center"' },
  columnHead: { font: font(LIGHT.muted, 'b'), border: 'line', alignment: 'vertical="center"' },
  numberHead: {
    font: font(LIGHT.muted, 'b'),
    border: 'line',
    alignment: 'vertical="center" horizontal="right"',
  },
  muted: { font: font(LIGHT.muted), alignment: 'vertical="top"' },
  score: { font: font(LIGHT.accent, 'b', 20), numberFormat: ONE_DECIMAL, alignment: 'horizontal="left"' },
  warning: {
    font: font(LIGHT.warning, 'b'),
    fill: LIGHT['warning-back'],
    alignment: 'vertical="center" wrapText="1"',
  },
  ...severityFormats(),
} as const satisfies Record<string, CellFormat>;

export type StyleName = keyof typeof FORMATS;

const NAMES = Object.keys(FORMATS) as StyleName[];

/** The number that a cell carries for its style. */
export const STYLE_IDS = Object.fromEntries(NAMES.map((name, id) => [name, id])) as Readonly<
  Record<StyleName, number>
>;

function severityFormats(): Record<Severity, CellFormat> {
  return Object.fromEntries(
    SEVERITIES.map((severity) => [
      severity,
      { font: font(LIGHT[severity], 'b'), fill: LIGHT[`${severity}-back`], alignment: 'vertical="top"' },
    ]),
  ) as Record<Severity, CellFormat>;
}

function font(colour: string, weight: 'b' | '' = '', size = 11): string {
  const bold = weight === 'b' ? '<b/>' : '';
  return `<font>${bold}<sz val="${size}"/><color rgb="${argb(colour)}"/><name val="Calibri"/><family val="2"/></font>`;
}

function argb(colour: string): string {
  return `FF${colour.replace('#', '').toUpperCase()}`;
}

/** `xl/styles.xml`. */
export function stylesXml(): string {
  const formats: readonly CellFormat[] = Object.values(FORMATS);
  const fonts = unique([
    '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    ...formats.map((f) => f.font),
  ]);
  const fills = unique([...formats.map((f) => f.fill)]);
  const fillXml = fills.map(
    (fill) => `<fill><patternFill patternType="solid"><fgColor rgb="${argb(fill)}"/></patternFill></fill>`,
  );
  const xfs = formats.map((format) => xfXml(format, fonts, fills));
  const line = `<border><left/><right/><top/><bottom style="thin"><color rgb="${argb(LIGHT.line)}"/></bottom><diagonal/></border>`;
  return (
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' +
    counted(
      'numFmts',
      NUMBER_FORMATS.map(([id, code]) => `<numFmt numFmtId="${id}" formatCode="${code}"/>`),
    ) +
    counted('fonts', fonts) +
    counted('fills', [
      '<fill><patternFill patternType="none"/></fill>',
      '<fill><patternFill patternType="gray125"/></fill>',
      ...fillXml,
    ]) +
    counted('borders', ['<border><left/><right/><top/><bottom/><diagonal/></border>', line]) +
    counted('cellStyleXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']) +
    counted('cellXfs', xfs) +
    counted('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']) +
    '</styleSheet>'
  );
}

function xfXml(format: CellFormat, fonts: readonly string[], fills: readonly string[]): string {
  const BUILT_IN_FILLS = 2;
  const fontId = format.font === undefined ? 0 : fonts.indexOf(format.font);
  const fillId = format.fill === undefined ? 0 : fills.indexOf(format.fill) + BUILT_IN_FILLS;
  const ids = `numFmtId="${format.numberFormat ?? 0}" fontId="${fontId}" fillId="${fillId}" borderId="${format.border === undefined ? 0 : 1}" xfId="0"`;
  const applied = 'applyNumberFormat="1" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"';
  return `<xf ${ids} ${applied}><alignment ${format.alignment ?? 'vertical="top"'}/></xf>`;
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values.filter((value) => value !== undefined))];
}

function counted(element: string, children: readonly string[]): string {
  return `<${element} count="${children.length}">${children.join('')}</${element}>`;
}

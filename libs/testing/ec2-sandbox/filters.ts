import { ApiError } from './api-error.js';
import type { Parameters } from './read-parameters.js';

export interface Filter {
  readonly name: string;
  readonly values: readonly string[];
}

const VALUES_MAX = 200;

/** The filters of a request. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html: at most 200 values in all. */
export function filtersOf({ Filters: plural, Filter: singular }: Parameters): readonly Filter[] {
  const given = (plural ?? singular ?? []) as readonly {
    readonly Name?: string;
    readonly Values?: readonly string[];
  }[];
  const filters = given.map(({ Name: name, Values: values }) => {
    if (name === undefined || values === undefined || values.length === 0)
      throw new ApiError('InvalidParameterValue', 'A filter must have a name and at least one value');
    return { name, values };
  });
  if (filters.reduce((sum, { values }) => sum + values.length, 0) > VALUES_MAX)
    throw new ApiError(
      'FilterLimitExceeded',
      `The maximum number of filter values on a single call is ${VALUES_MAX}`,
    );
  return filters;
}

/** A value matches when any of the filter's does; `*` and `?` are wildcards, `\` takes their meaning away. */
export function matches(value: string, { values }: Filter): boolean {
  return values.some((wanted) => wanted === value || (/[*?\\]/.test(wanted) && wildcard(wanted).test(value)));
}

function wildcard(wanted: string): RegExp {
  const source = wanted.replace(/\\(.)|[*?]|[^\w\s]/gs, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\u{${escaped.codePointAt(0)?.toString(16)}}`;
    if (part === '*') return '.*';
    return part === '?' ? '.' : `\\u{${part.codePointAt(0)?.toString(16)}}`;
  });
  return new RegExp(`^${source}$`, 'su');
}

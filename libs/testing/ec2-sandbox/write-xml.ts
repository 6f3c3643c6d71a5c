import type { ApiError } from './api-error.js';
import type { Operation, ServiceModel, Shape } from './service-model.js';

/** A reply as the model says it is written: element names, lists, dates. Throws on a value the output shape has no member for. */
export function writeReply(
  operation: Operation,
  output: object,
  model: ServiceModel,
  requestId: string,
): string {
  const { name } = operation;
  const body = structure(output, operation.output, model);
  if (model.isEc2) {
    const xmlns = `${model.namespace}/`;
    return document(
      `<${name}Response xmlns="${xmlns}"><requestId>${requestId}</requestId>${body}</${name}Response>`,
    );
  }
  const wrapper = operation.output.resultWrapper ?? `${name}Result`;
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return document(
    `<${name}Response xmlns="${model.namespace}"><${wrapper}>${body}</${wrapper}>${metadata}</${name}Response>`,
  );
}

/** EC2 and the query protocol write errors differently. */
export function writeError({ code, message, status }: ApiError, isEc2: boolean, requestId: string): string {
  const error = `<Code>${escape(code)}</Code><Message>${escape(message)}</Message>`;
  if (isEc2)
    return document(
      `<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    );
  const type = status >= 500 ? 'Receiver' : 'Sender';
  return document(
    `<ErrorResponse><Error><Type>${type}</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  );
}

function structure(value: object, shape: Shape, model: ServiceModel): string {
  const members = model.members(shape);
  return Object.entries(value)
    .filter(([, held]) => held !== undefined && held !== null)
    .map(([name, held]) => {
      const member = members.get(name);
      if (member === undefined) throw new Error(`The service model has no output member ${name}.`);
      const element = member.locationName ?? name;
      return `<${element}>${content(held, member, model)}</${element}>`;
    })
    .join('');
}

function content(value: unknown, shape: Shape, model: ServiceModel): string {
  const element = model.element(shape);
  if (element !== null) {
    const name = element.locationName ?? (model.isEc2 ? 'item' : 'member');
    return (value as readonly unknown[])
      .map((item) => `<${name}>${content(item, element, model)}</${name}>`)
      .join('');
  }
  if (shape.type === 'structure') return structure(value as object, shape, model);
  if (value instanceof Date) return value.toISOString();
  return escape(String(value));
}

function document(xml: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  // XML 1.0 has no way to write most control characters; a carriage return survives as a reference only.
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '').replaceAll('\r', '&#13;');
}

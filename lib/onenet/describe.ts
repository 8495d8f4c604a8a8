/** Operations as plain JSON in a language: what a dialog needs to show their forms. */
import { translate, type Language } from '../texts';
import type { Field, FieldType, Limits } from './fields';
import type { NodeType, OperationInfo, Output } from './operation';
import { operations } from './operations';

export interface FieldDescription {
  name: string;
  type: FieldType;
  label: string;
  required: boolean;
  limits: Omit<Limits, 'pattern'> & { pattern?: string };
  choices?: { value: string; label: string }[];
  initial?: unknown;
}

export interface OperationDescription {
  id: string;
  name: string;
  chapter: string;
  node: NodeType;
  title: string;
  output: Output;
  sideEffects: boolean;
  masterKey: boolean;
  fields: FieldDescription[];
}

export function describeOperations(language: Language, node?: NodeType): OperationDescription[] {
  return operations
    .filter((operation) => node === undefined || operation.node === node)
    .map((operation) => describeOperation(operation, language));
}

export function describeOperation(operation: OperationInfo, language: Language): OperationDescription {
  const { id, name, chapter, node, title, output, sideEffects, masterKey, fields } = operation;
  const described = Object.entries(fields).map(([name, field]) => describeField(name, field, language));
  return {
    id,
    name,
    chapter,
    node,
    title: translate(title, language),
    output,
    sideEffects,
    masterKey,
    fields: described,
  };
}

function describeField(name: string, field: Field<unknown>, language: Language): FieldDescription {
  const { type, label, required, initial, choices } = field;
  const { pattern, ...limits } = field.limits;
  return {
    name,
    type,
    label: translate(label, language),
    required,
    limits: { ...limits, ...(pattern && { pattern: pattern.regex.source }) },
    ...(choices && {
      choices: Object.entries(choices).map(([value, text]) => ({ value, label: translate(text, language) })),
    }),
    ...(initial !== undefined && { initial }),
  };
}

export * from './alarm';
export * from './format';
export * from './picture';

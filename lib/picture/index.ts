export * from './format';
export * from './picture';

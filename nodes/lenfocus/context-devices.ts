/** Keeps the server's devices as the flow has them in the global context, looked at every few seconds. */
import { isSnapflowError } from '../../lib/errors';
import { nodeError } from '../shared/error-text';
import type { NodeParts } from '../shared/node';
import { typedValue } from '../shared/typed-value';
import { runtimeLanguage } from '../shared/words';
import { contextDevices } from './device-table';
import type { ServerNode } from './server';

/** Milliseconds between two looks. */
const INTERVAL_MS = 2_000;

/** @param property name of a global context property */
export function followContext({ RED, node, life }: NodeParts<ServerNode>, property: string): void {
  let known = '';
  let problem = '';
  const look = async (): Promise<void> => {
    try {
      const value = await typedValue({ RED, node }, { value: property, type: 'global' }, undefined);
      const json = JSON.stringify(value ?? null);
      if (json === known || life.signal.aborted) return;
      node.server.setDevices(contextDevices(value));
      known = json;
      problem = '';
    } catch (error) {
      // Told once, not at every look.
      const text = isSnapflowError(error) ? error.message : String(error);
      if (text !== problem) node.error(nodeError(error, runtimeLanguage(RED)));
      problem = text;
    }
  };
  const timer = setInterval(() => void look(), INTERVAL_MS);
  life.own(() => clearInterval(timer));
  void look();
}

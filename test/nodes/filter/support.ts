/** A flow with one filter: what passes, what is held back, and what a Catch node gets. */
import filterModule from '../../../nodes/filter/snapflow-filter';
import { picture, type PlaceWish } from '../../lib/filter/pictures';
import type { Message } from '../../../nodes/shared/red';
import { startRuntime, type Flow, type Runtime } from '../support/runtime';

export const modules = [filterModule];
export const EMPTY: Flow = [{ id: 'empty', type: 'tab' }];

export function flowOf(fields: object = {}): Flow {
  return [
    { id: 'tab', type: 'tab' },
    { id: 'n', type: 'snapflow-filter', z: 'tab', wires: [['passed'], ['held']], ...fields },
    { id: 'passed', type: 'collect', z: 'tab', wires: [] },
    { id: 'held', type: 'collect', z: 'tab', wires: [] },
    { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
    { id: 'caught', type: 'collect', z: 'tab', wires: [] },
  ];
}

export const start = (fields: object = {}): Promise<Runtime> => startRuntime(modules, flowOf(fields));

/** Takes the filter out of the flow, which lets it forget all, before the runtime ends. */
export async function stop(runtime: Runtime): Promise<void> {
  await runtime.deploy(EMPTY);
  await runtime.stop();
}

export async function message(wish: PlaceWish = {}, facts: object = {}): Promise<Message> {
  const source = { system: 'huawei', device: '192.0.2.1', channel: '101', kind: 'snapshot' };
  return { payload: await picture(wish), picture: { id: 'p', source }, ...facts };
}

import type { Flow } from '../support/runtime';

/** A flow with one `snapflow-send`, what it sends on, and what is caught. */
export function sendFlow(fields: object): Flow {
  return [
    { id: 'tab', type: 'tab' },
    { id: 'n', type: 'snapflow-send', z: 'tab', method: 'PUT', wires: [['out']], ...fields },
    { id: 'out', type: 'collect', z: 'tab', wires: [] },
    { id: 'catch', type: 'catch', z: 'tab', scope: null, wires: [['caught']] },
    { id: 'caught', type: 'collect', z: 'tab', wires: [] },
  ];
}

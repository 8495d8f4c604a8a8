/** What a `snapflow-simulator` does, and the list of its dialog. */
import { isSnapflowError, SnapflowError } from '../../lib/errors';
import { simulators, type FaultOptions, type Simulator, type SimulatorName } from '../../lib/simulators';
import { translate } from '../../lib/texts';
import type { Asker } from '../shared/admin';
import { nodeError } from '../shared/error-text';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import type { Message } from '../shared/red';
import { runtimeLanguage } from '../shared/words';
import { sendReport } from './lenfocus-reports';
import { OPTIONS_OF, type SimulatorConfig } from './simulator-options';

export function setUp(parts: NodeParts, config: SimulatorConfig): void {
  const kind = config.kind ?? 'huawei-camera';
  const simulator = create(kind, config);
  tellRequests(parts, simulator, kind);
  parts.life.own(() => simulator.stop());

  let url = '';
  const show = () => {
    const { fault } = simulator;
    if (fault === undefined) parts.status.plain('ok', url);
    else parts.status.text('waiting', 'status.fault', { fault, url });
  };
  const started = start(simulator, config.fault).then((address) => {
    url = address;
    show();
  });
  started.catch((error: unknown) => {
    parts.status.error(isSnapflowError(error) ? error.code : 'UNEXPECTED');
    parts.node.error(nodeError(error, runtimeLanguage(parts.RED)));
  });

  onInput(parts, async (msg) => {
    await started;
    if (await sendReport(simulator, msg)) return;
    if (msg['push'] === true && canPush(simulator)) {
      await simulator.pushAll();
      return;
    }
    const { name, errcode, ...options } = wantedFault(msg);
    if (errcode !== undefined && canAnswerErrcodes(simulator)) simulator.nextError(errcode, options.times);
    else await simulator.setFault(name, options);
    show();
  });
}

/** The faults of each kind. */
export function faults({ language }: Asker): object {
  return Object.fromEntries(
    Object.entries(simulators).map(([kind, { faults }]) => [
      kind,
      faults.map(({ name, text }) => ({ name, text: translate(text, language) })),
    ]),
  );
}

function canPush(simulator: Simulator): simulator is Simulator & { pushAll(): Promise<unknown> } {
  return 'pushAll' in simulator;
}

function create<Name extends SimulatorName>(kind: Name, config: SimulatorConfig): Simulator {
  return simulators[kind].create(OPTIONS_OF[kind](config));
}

async function start(simulator: Simulator, fault: string | undefined): Promise<string> {
  if (fault) await simulator.setFault(fault);
  const { url } = await simulator.start();
  return url;
}

/** Sends a message for each request: how it was answered, and which counters rose. */
function tellRequests({ node, life }: NodeParts, simulator: Simulator, kind: SimulatorName): void {
  let before = { ...simulator.counters };
  simulator.on('request', ({ status }) => {
    const counters = { ...simulator.counters };
    const counted = Object.keys(counters).filter((name) => counters[name] !== before[name]);
    before = counters;
    if (!life.signal.aborted) node.send({ topic: kind, payload: { status, counted, counters } });
  });
}

interface WantedFault extends FaultOptions {
  name?: string;
  /** ThingsCloud: the next uploads are answered with this code of its error table. */
  errcode?: number;
}

function canAnswerErrcodes(
  simulator: Simulator,
): simulator is Simulator & { nextError(errcode: number, times?: number): void } {
  return 'nextError' in simulator;
}

/**
 * The fault that a message asks for: `msg.fault`, else its payload; a name, or an object. Empty, null or false:
 * none.
 */
function wantedFault(msg: Message): WantedFault {
  const wanted = 'fault' in msg ? msg['fault'] : msg.payload;
  if (wanted == null || wanted === '' || wanted === false) return {};
  if (typeof wanted === 'string') return { name: wanted };
  if (typeof wanted === 'object' && !Buffer.isBuffer(wanted)) return { ...wanted };
  throw new SnapflowError(
    'BAD_INPUT',
    'A fault is the name of one, or { name, ms, status, times } or { errcode, times }; empty switches back to normal.',
  );
}

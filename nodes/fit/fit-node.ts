/** What a `snapflow-fit` does. */
import { fitSettings } from '../../lib/fit/options';
import { Workshop, type FitReport, type Stamp } from '../../lib/fit';
import { text } from '../../lib/texts/mark';
import { onInput } from '../shared/input';
import type { NodeParts } from '../shared/node';
import { picturePayload } from '../shared/picture-payload';
import type { Message } from '../shared/red';
import { typedProperty, typedText } from '../shared/typed-value';
import { fitOptions, workshopOptions, type FitConfig } from './fit-options';
import { isPictureInfo, putFitted } from './fitted-message';
import { stampText } from './stamp-text';

const STAMP = text('The stamp');

export function setUp(parts: NodeParts, config: FitConfig): void {
  const { life, status, view } = parts;
  const options = fitOptions(config);
  // What can never work is told when it is deployed.
  fitSettings(options);
  const workshop = new Workshop(workshopOptions(config));
  life.own(() => workshop.close());

  onInput(parts, async (msg, send) => {
    const picture = picturePayload(msg);
    const stamp = await stampOf(parts, config, msg);
    if (workshop.running > 0) status.text('busy', 'status.waiting', { count: workshop.queued + 1 });
    else status.word('busy', 'status.fitting');
    const fitted = await workshop.fit(picture, { ...options, stamp }, { signal: life.signal });
    putFitted(msg, fitted);
    view.show(msg);
    send(msg);
    showDone(parts, fitted.report);
  });
}

async function stampOf(parts: NodeParts, config: FitConfig, msg: Message): Promise<Stamp | undefined> {
  const words = await typedText(parts, typedProperty(config, 'stamp'), msg, STAMP);
  if (words === '') return undefined;
  const known = isPictureInfo(msg['picture']) ? msg['picture'] : {};
  return {
    text: stampText(words, known, config.stampZone?.trim() ?? ''),
    corner: config.stampCorner,
    size: Number(config.stampSize ?? 3),
  };
}

function showDone({ status }: NodeParts, { action, from, to }: FitReport): void {
  if (action === 'passed') status.word('ok', 'status.passed');
  else status.plain('ok', `${sizeOf(from.bytes)} → ${sizeOf(to.bytes)}`);
}

/** As the dialogs write sizes. */
function sizeOf(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Commands as callers see them: an operation with parameters in, its result in our names out. */
import { SnapflowError } from '../../errors';
import { factsOf } from '../sessions/session';
import type { Context } from '../context';
import type { Edition } from '../tables/names';
import { isSuccess, meaningOf } from '../wire/codes';
import { withoutLongTexts } from '../wire/document';
import { canonicalUri } from '../wire/uri';
import type { JsonObject } from '../wire/values';
import type { CommandAnswer, CommandDesk } from './desk';
import { isOperation, OPERATIONS, type OperationName } from './operations';
import { toWire } from './parameters';
import { readResult, type ResultContext } from './results';
import type { CommandOptions, CommandParams, CommandReply, CommandResults, List } from './types';

export interface CommandSettings {
  /** Minutes east of UTC of the devices' clocks. */
  zone: number;
  edition: Edition;
  /** How months are counted on the wire: the document says from 0. */
  monthBase: 0 | 1;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const NOT_FOUND = 404;

interface Call {
  operation: OperationName;
  device: string;
  uris: readonly string[];
  param: JsonObject;
  options: CommandOptions;
}

export class Commands {
  constructor(
    private readonly context: Context,
    private readonly settings: CommandSettings,
    private readonly desk: CommandDesk,
  ) {}

  /**
   * @param device SN or did
   * @throws SnapflowError `BAD_INPUT` before anything is sent; `DEVICE_OFFLINE`, `TIMEOUT`, `DEVICE_REFUSED`
   *   (with the device's code and its meaning), `BAD_RESPONSE`, `QUEUE_FULL`, `CLOSED`
   */
  async run<K extends OperationName>(
    device: string,
    operation: K,
    params: CommandParams[K],
    options: CommandOptions = {},
  ): Promise<CommandReply<K>> {
    this.context.counters.commands++;
    try {
      const call = this.callOf(device, operation, params, options);
      const startedAt = this.context.clock.monotonic();
      const answer = await this.ask(call);
      const result = this.read(operation, call, answer);
      const list = OPERATIONS[operation];
      const whole = options.whole && list.list ? await this.rest(call, operation, result) : result;
      return {
        operation,
        device: factsOf(answer.session),
        result: whole,
        code: answer.reply.code ?? 0,
        ...(answer.reply.message !== undefined && { message: answer.reply.message }),
        tookMs: Math.round(this.context.clock.monotonic() - startedAt),
      };
    } catch (error) {
      this.context.counters.failedCommands++;
      throw error;
    }
  }

  private callOf(
    device: string,
    operation: OperationName,
    params: CommandParams[OperationName],
    options: CommandOptions,
  ): Call {
    if (!isOperation(operation)) {
      throw new SnapflowError('BAD_INPUT', 'There is no operation “{{operation}}”.', {
        system: 'lenfocus',
        values: { operation: String(operation) },
      });
    }
    if (device.trim() === '') {
      throw new SnapflowError('BAD_INPUT', 'Name the camera by its SN or did.', { system: 'lenfocus' });
    }
    const { fields, uri, otherUris = [] } = OPERATIONS[operation];
    const wire = toWire(fields, params as JsonObject, this.settings.zone);
    const target = { operation, device: device.trim(), options };
    if (operation === 'custom') {
      return { ...target, uris: [slashed(String(wire.uri))], param: wire.param as JsonObject };
    }
    if (operation === 'videosPerMonth') wire.month = Number(wire.month) - 1 + this.settings.monthBase;
    return { ...target, uris: options.uri === undefined ? [uri, ...otherUris] : [options.uri], param: wire };
  }

  /** Sends the call, to its other uris too as long as the device does not know the one tried. */
  private async ask(call: Call): Promise<CommandAnswer> {
    const [first = '/', ...others] = call.uris;
    let answer = await this.send(call, first);
    for (const uri of others) {
      if (answer.reply.code !== NOT_FOUND) break;
      answer = await this.send(call, uri);
    }
    if (!isSuccess(answer.reply.code)) throw refused(call.operation, answer);
    return answer;
  }

  private send({ device, param, options }: Call, uri: string): Promise<CommandAnswer> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, waitMs = 0, signal } = options;
    return this.desk.request({ device, uri, param, timeoutMs, waitMs, signal });
  }

  private read<K extends OperationName>(operation: K, call: Call, answer: CommandAnswer): CommandResults[K] {
    const { result } = answer.reply;
    const context: ResultContext = { ...this.settings, sn: answer.session.sn, param: call.param };
    return readResult(operation, operation === 'readFile' ? result : withoutLongTexts(result), context);
  }

  /** The pages after the first, up to the total that the device named or `maxListItems`. */
  private async rest<K extends OperationName>(
    call: Call,
    operation: K,
    first: CommandResults[K],
  ): Promise<CommandResults[K]> {
    const list = first as List<unknown>;
    const items = [...list.items];
    const { maxListItems } = this.context.limits;
    let page = Number(call.param.page_num);
    while (items.length < list.total && items.length < maxListItems) {
      page++;
      const next = { ...call, param: { ...call.param, page_num: page } };
      const more = this.read(operation, next, await this.ask(next)) as List<unknown>;
      // A device that names a larger total than it has would be asked for ever.
      if (more.items.length === 0) break;
      items.push(...more.items);
    }
    const kept = items.slice(0, maxListItems);
    return { ...list, items: kept, complete: kept.length >= list.total } as CommandResults[K];
  }
}

/** In the case that the user wrote, which `canonicalUri` would not keep. */
function slashed(uri: string): string {
  return canonicalUri(uri) === '/' ? '/' : `/${uri.trim().replace(/^\/+/, '')}`;
}

function refused(operation: OperationName, { reply, session }: CommandAnswer): SnapflowError {
  const platform = {
    ...(reply.code !== undefined && { code: reply.code }),
    ...(reply.message !== undefined && { message: reply.message }),
  };
  if (reply.code === undefined) {
    return new SnapflowError('BAD_RESPONSE', 'The camera answered without a code that is a number.', {
      system: 'lenfocus',
      platform,
    });
  }
  return new SnapflowError(
    'DEVICE_REFUSED',
    'The camera refused {{operation}}: {{meaning}} (code {{code}}).',
    {
      system: 'lenfocus',
      values: { operation, meaning: meaningOf(reply.code), code: reply.code },
      platform,
      details: { sn: session.sn },
    },
  );
}

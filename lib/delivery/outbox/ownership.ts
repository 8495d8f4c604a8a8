/**
 * One owner per folder, across processes and machines. The owner is who made the file `owner-<n>` with the highest
 * number; making a file that must not exist is atomic everywhere, so of several that want to follow a dead owner
 * exactly one gets the next number. The owner touches its file all the time: where nobody can see whether its process
 * lives (another container, another machine), standing still means dead.
 */
import { join } from 'node:path';
import type { Clock } from '../../clock';
import { closedError, SnapflowError, type System } from '../../errors';
import { errnoOf, type Files } from './files';
import { forgetOwner, identityOfThisProcess, isAlive, rememberOwner, type Identity } from './identity';

/** Milliseconds between two signs of life. */
export const BEAT_MS = 2_000;
/** Milliseconds without a sign of life after which an owner that cannot be seen is taken for dead. */
const STILL_MS = 5 * BEAT_MS;

export interface OwnershipOptions {
  files: Files;
  clock: Clock;
  system: System;
  /** Default: this process. */
  self?: Identity;
}

interface Mark {
  generation: number;
  path: string;
  /** Undefined while it is being written, or torn. */
  owner: (Identity & { released?: boolean }) | undefined;
}

export class Ownership {
  readonly #folder: string;
  readonly #options: OwnershipOptions;
  readonly #self: Identity;
  #generation = 0;
  /** Ends the wait for a sign of life. */
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(folder: string, options: OwnershipOptions) {
    this.#folder = folder;
    this.#options = options;
    this.#self = options.self ?? identityOfThisProcess();
  }

  /**
   * @throws SnapflowError `BAD_INPUT` when another owner lives
   * @throws the failure of the disk
   */
  async take(): Promise<void> {
    for (;;) {
      const last = await this.#last();
      if (last?.owner?.nonce === this.#self.nonce) {
        // The folder was away for a while.
        this.#generation = last.generation;
        break;
      }
      if (last && (await this.#isHeld(last))) throw this.#inUse(last.owner);
      if (await this.#make((last?.generation ?? 0) + 1)) break;
    }
    if (this.#closed) {
      await this.release();
      throw closedError(this.#options.system);
    }
    rememberOwner(this.#self);
    const { files } = this.#options;
    for (const { path, generation } of await this.#marks()) {
      if (generation < this.#generation) await files.remove(path).catch(() => undefined);
    }
  }

  /**
   * Gives a sign of life.
   * @throws SnapflowError `BAD_INPUT` when somebody else owns the folder now
   * @throws the failure of the disk; `ENOENT` when the folder is gone, or is another one
   */
  async beat(): Promise<void> {
    const { files, clock } = this.#options;
    const last = await this.#last();
    if (last && last.generation > this.#generation) {
      forgetOwner(this.#self);
      throw this.#inUse(last.owner);
    }
    await files.touch(this.#path(this.#generation), new Date(clock.now()));
  }

  /** @throws the failure of the disk; `ENOENT` when the folder is gone, or is another one */
  async check(): Promise<void> {
    await this.#options.files.touched(this.#path(this.#generation));
  }

  /** Ends a `take` that still looks for a sign of life. */
  cancel(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  async release(): Promise<void> {
    forgetOwner(this.#self);
    if (this.#generation === 0) return;
    const { files } = this.#options;
    // The file stays, so that the numbers only ever rise.
    const released = join(this.#folder, `released-${this.#self.nonce}`);
    await files.write(released, [Buffer.from(JSON.stringify({ ...this.#self, released: true }))]);
    await files.rename(released, this.#path(this.#generation));
  }

  async #make(generation: number): Promise<boolean> {
    const { files } = this.#options;
    try {
      await files.write(this.#path(generation), [Buffer.from(JSON.stringify(this.#self))]);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return false;
      throw error;
    }
    this.#generation = generation;
    return true;
  }

  async #isHeld(last: Mark): Promise<boolean> {
    if (last.owner?.released) return false;
    const alive = last.owner && isAlive(last.owner, this.#self);
    return alive ?? (await this.#seesLife(last));
  }

  /** Looks for a sign of life as long as an owner may stand still. */
  async #seesLife({ path, owner }: Mark): Promise<boolean> {
    const { files } = this.#options;
    const before = await files.touched(path);
    for (let waited = 0; waited < STILL_MS; waited += BEAT_MS) {
      await this.#pause(BEAT_MS);
      const last = await this.#last();
      if (last?.path !== path || last.owner?.nonce !== owner?.nonce) return this.#livesIn(last);
      if ((await files.touched(path)) !== before) return true;
    }
    return false;
  }

  async #pause(ms: number): Promise<void> {
    const { clock, system } = this.#options;
    await new Promise<void>((resolve) => {
      const timer = clock.setTimeout(resolve, ms);
      this.#cancel = () => {
        clock.clearTimeout(timer);
        resolve();
      };
    });
    this.#cancel = undefined;
    if (this.#closed) throw closedError(system);
  }

  /** For a mark that appeared or changed while we looked on: whoever wrote it lives, unless it is a farewell. */
  #livesIn(mark: Mark | undefined): boolean {
    return mark !== undefined && mark.owner?.released !== true;
  }

  async #last(): Promise<Mark | undefined> {
    const [last] = (await this.#marks()).sort((a, b) => b.generation - a.generation);
    if (!last) return undefined;
    return { ...last, owner: parseOwner(await this.#options.files.read(last.path)) };
  }

  async #marks(): Promise<Array<{ generation: number; path: string }>> {
    const names = await this.#options.files.list(this.#folder);
    return names.flatMap((name) => {
      const generation = Number(/^owner-(\d{1,15})$/.exec(name)?.[1]);
      return Number.isInteger(generation) ? [{ generation, path: join(this.#folder, name) }] : [];
    });
  }

  #path(generation: number): string {
    return join(this.#folder, `owner-${generation}`);
  }

  #inUse(owner: Identity | undefined): SnapflowError {
    return new SnapflowError(
      'BAD_INPUT',
      'The outbox folder {{folder}} is in use by another node or another Node-RED (process {{pid}} on {{host}}). Choose a folder of its own.',
      {
        system: this.#options.system,
        values: { folder: this.#folder, pid: owner?.pid ?? '?', host: owner?.host ?? '?' },
        details: { folder: this.#folder },
      },
    );
  }
}

function parseOwner(bytes: Buffer): Mark['owner'] {
  try {
    const owner = JSON.parse(bytes.toString('utf8')) as Mark['owner'];
    return typeof owner?.nonce === 'string' && typeof owner.pid === 'number' ? owner : undefined;
  } catch {
    return undefined;
  }
}

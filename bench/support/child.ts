/** A child process that answers one question at a time: variants and servers run in processes of their own. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

type Answer = { result: unknown } | { failure: string };

export class Child {
  private waiting: { resolve(result: unknown): void; reject(error: Error): void } | undefined;
  private readonly exited: Promise<unknown>;

  private constructor(private readonly process: ChildProcess) {
    this.exited = once(process, 'exit').then(([code]) => {
      this.waiting?.reject(new Error(`A process of the bench ended with ${code}`));
    });
    process.on('message', (answer: Answer) => {
      if ('failure' in answer) this.waiting?.reject(new Error(answer.failure));
      else this.waiting?.resolve(answer.result);
    });
  }

  /** @param script below `bench/`; it calls `answerQuestions`. Resolves once it is ready. */
  static async start(script: string, args: string[] = []): Promise<Child> {
    const path = join(__dirname, '..', script);
    const child = new Child(fork(path, args, { execArgv: ['--import', 'tsx', '--expose-gc'] }));
    try {
      await child.answer();
    } catch (error) {
      child.process.kill();
      throw error;
    }
    return child;
  }

  async ask<T>(question: string, ...values: unknown[]): Promise<T> {
    const answer = this.answer();
    this.process.send({ question, values });
    return (await answer) as T;
  }

  /** Lets it clean up, then ends it. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null) await this.ask('close').catch(() => undefined);
    this.process.kill();
    await this.exited;
  }

  private answer(): Promise<unknown> {
    return new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
  }
}

/** The child's side: makes itself ready, then answers. */
export async function answerQuestions(
  prepare: () => Promise<Record<string, (...values: never[]) => unknown>>,
): Promise<void> {
  // Whatever ended the bench, nothing of it stays.
  process.on('disconnect', () => process.exit());
  const reply = async (work: () => unknown) => {
    try {
      process.send?.({ result: await work() });
    } catch (error) {
      process.send?.({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  };
  await reply(async () => {
    const answers = await prepare();
    process.on('message', ({ question, values }: { question: string; values: never[] }) => {
      void reply(() => answers[question]?.(...values));
    });
  });
}

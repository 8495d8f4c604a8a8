/** Timers of a clock that can be ended without knowing which clock it was. */
import type { Clock } from './clock';

/** Ends a timer; harmless when it has fired. */
export type Cancel = () => void;

export function after(clock: Clock, ms: number, task: () => void): Cancel {
  const timer = clock.setTimeout(task, ms);
  return () => clock.clearTimeout(timer);
}

export function every(clock: Clock, ms: number, task: () => void): Cancel {
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = after(clock, ms, () => {
      next();
      task();
    });
  };
  next();
  return () => cancel();
}

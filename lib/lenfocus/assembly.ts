/** Puts the parts of a server together. */
import { Admission } from './access/admission';
import { Commands } from './commands/commands';
import { CommandDesk } from './commands/desk';
import type { Context } from './context';
import { asError, type Notifier } from './events';
import { BodyReader } from '../server/body';
import { Intake } from './http/intake';
import type { Settings } from './options';
import { OtaDesk } from './ota/desk';
import { JoinList } from './registry/join-list';
import type { DeviceRegistry } from './registry/types';
import { ReportReader } from './reports/reader';
import { LocalSessions, type SessionStore } from './sessions/sessions';
import { DeviceRequests } from './socket/device-requests';
import { Gateway } from './socket/gateway';
import { newCounters } from './state';

export interface Parts {
  context: Context;
  sessions: SessionStore;
  joinList: JoinList;
  admission: Admission;
  desk: CommandDesk;
  commands: Commands;
  gateway: Gateway;
  bodies: BodyReader;
  reports: ReportReader;
  intake: Intake;
}

export function assemble(settings: Settings, registry: DeviceRegistry, events: Notifier): Parts {
  const { clock, limits, heartbeatS } = settings;
  const context: Context = { system: 'lenfocus', clock, limits, counters: newCounters(), events };
  const sessions =
    settings.sessions ??
    new LocalSessions({
      tokenLifetimeMs: settings.tokenLifetimeS * 1_000,
      tokenGraceMs: settings.tokenGraceS * 1_000,
    });
  const joinList = new JoinList(limits.maxJoinRequests);
  const admission = new Admission(
    { ...settings, attemptsPerMinute: limits.attemptsPerMinute },
    registry,
    ({ cause }) => events.notify('error', asError(cause)),
  );
  const desk = new CommandDesk(context, sessions, registry);
  const requests = new DeviceRequests(context, settings, sessions, admission, joinList, desk);
  const gateway = new Gateway(
    context,
    {
      heartbeatMs: heartbeatS * 1_000,
      offlineAfterMs: settings.offlineAfter * heartbeatS * 1_000,
      trustProxy: settings.trustProxy,
    },
    sessions,
    requests,
  );
  requests.gateway = gateway;
  const bodies = new BodyReader(context);
  const reports = new ReportReader({
    ...settings,
    duplicateWindowMs: settings.duplicateWindowS * 1_000,
    maxRememberedPictures: limits.maxRememberedPictures,
  });
  const ota = new OtaDesk(context, settings.ota);
  const intake = new Intake(context, settings, sessions, registry, bodies, reports, ota);
  const commands = new Commands(context, settings, desk);
  return { context, sessions, joinList, admission, desk, commands, gateway, bodies, reports, intake };
}

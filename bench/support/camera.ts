/** A simulated camera with a fixed picture of 200 KB.   camera.ts <milliseconds of latency> */
import { padJpeg, Scene, SimulatedHuaweiCamera } from '../../lib/simulators';
import { answerQuestions } from './child';

void answerQuestions(async () => {
  const picture = padJpeg(new Scene({ name: 'bench' }).picture(), 200_000);
  const camera = new SimulatedHuaweiCamera({
    latencyMs: Number(process.argv[2]),
    takePicture: () => picture,
    // One challenge only: Node-RED's own node misreads several in one reply.
    auth: { algorithms: ['SHA-256'] },
  });
  const { url } = await camera.start();
  return {
    facts: () => ({ url, uuid: camera.channels[0]?.uuid ?? '' }),
    counters: () => ({
      requests: camera.counters['requests'] ?? 0,
      connections: camera.counters['connections'] ?? 0,
    }),
  };
});

/**
 * Ways to keep pictures in a flow until the cloud takes them, each as the nodes between an `http in` and the cloud.
 * The glue packages are no dependency of ours: the bench installs them into the user directory of its Node-RED.
 */
export interface Contender {
  /** npm packages that its nodes need. */
  packages: string[];
  nodes(cloud: string): Array<Record<string, unknown>>;
}

const KEY = 'simulated-key';
export const TOKEN = 'bench-device';

/** Takes `POST /picture`; `http in` gives bytes of an unknown type as a Buffer. */
function intake(next: string): Array<Record<string, unknown>> {
  return [
    { id: 'intake', type: 'http in', url: '/picture', method: 'post', wires: [[next]] },
    { id: 'answer', type: 'http response', statusCode: '200', wires: [] },
  ];
}

/** Answers at once, and passes the picture on without the request. */
const ANSWERED = {
  id: 'answered',
  type: 'function',
  func: 'node.send([{ ...msg, payload: "" }, { payload: msg.payload, topic: "picture" }]);',
  outputs: 2,
};

/** @param errorsToo whether an answer other than 2xx, or none, comes out as well */
function request(cloud: string, wires: string[], errorsToo = false): Array<Record<string, unknown>> {
  return [
    {
      id: 'headers',
      type: 'function',
      func: `msg.headers = { 'content-type': 'application/octet-stream', region: 'simulated', 'project-key': '${KEY}' }; return msg;`,
      wires: [['request']],
    },
    {
      id: 'request',
      type: 'http request',
      method: 'POST',
      ret: 'obj',
      url: `${cloud}/device/v1/${TOKEN}/photo/image`,
      senderr: !errorsToo,
      wires: [wires],
    },
  ];
}

function snapflow(keep: 'memory' | 'disk'): Contender {
  return {
    packages: [],
    nodes: (cloud) => [
      // Answered when the upload node has accepted it: on disk when it is safe, in memory when it has arrived.
      ...intake('upload'),
      {
        id: 'project',
        type: 'thingscloud-project',
        endpoint: cloud,
        region: 'simulated',
        pace: 1,
        projectKeyType: 'env',
        projectKeyFrom: 'PROJECT_KEY',
      },
      {
        id: 'upload',
        type: 'thingscloud-upload',
        project: 'project',
        accessTokenType: 'env',
        accessTokenFrom: 'ACCESS_TOKEN',
        identifier: 'photo',
        outbox: { keep },
        wires: [[]],
      },
      { id: 'accepted', type: 'complete', scope: ['upload'], wires: [['answer']] },
    ],
  };
}

export const ENVIRONMENT = { PROJECT_KEY: KEY, ACCESS_TOKEN: TOKEN };

export const contenders: Readonly<Record<string, Contender>> = {
  'Snapflow, on disk': snapflow('disk'),
  'Snapflow, in memory': snapflow('memory'),
  'core: delay + http request, retried by catch': {
    packages: [],
    nodes: (cloud) => [
      ...intake('answered'),
      { ...ANSWERED, wires: [['answer'], ['rate']] },
      {
        id: 'rate',
        type: 'delay',
        pauseType: 'rate',
        rate: '1',
        nbRateUnits: '1.5',
        rateUnits: 'second',
        drop: false,
        wires: [['headers']],
      },
      ...request(cloud, []),
      { id: 'catch', type: 'catch', scope: ['request'], wires: [['again']] },
      {
        id: 'again',
        type: 'delay',
        pauseType: 'delay',
        timeout: '3',
        timeoutUnits: 'seconds',
        wires: [['rate']],
      },
    ],
  },
  '@colinl/node-red-guaranteed-delivery': {
    packages: ['@colinl/node-red-guaranteed-delivery@1.0.1'],
    nodes: (cloud) => [
      ...intake('answered'),
      { ...ANSWERED, wires: [['answer'], ['queue']] },
      {
        id: 'queue',
        type: 'guaranteed-delivery',
        controlProperty: 'control',
        OKValue: 'OK',
        FAILValue: 'FAIL',
        retrySecs: 3,
        timeout: 10,
        maxQueue: 100,
        contextStore: 'file',
        wires: [['headers']],
      },
      ...request(cloud, ['tell'], true),
      {
        id: 'tell',
        type: 'function',
        func: "return { control: msg.statusCode === 200 ? 'OK' : 'FAIL' };",
        wires: [['queue']],
      },
    ],
  },
  'node-red-contrib-queue-gate, peek and drop': {
    packages: ['node-red-contrib-queue-gate@1.5.5'],
    nodes: (cloud) => [
      ...intake('answered'),
      { ...ANSWERED, wires: [['answer'], ['queue']] },
      {
        id: 'queue',
        type: 'q-gate',
        controlTopic: 'control',
        defaultState: 'queueing',
        openCmd: 'open',
        closeCmd: 'close',
        toggleCmd: 'toggle',
        queueCmd: 'queue',
        defaultCmd: 'default',
        triggerCmd: 'trigger',
        flushCmd: 'flush',
        resetCmd: 'reset',
        peekCmd: 'peek',
        dropCmd: 'drop',
        statusCmd: 'status',
        maxQueueLength: '100',
        keepNewest: false,
        qToggle: false,
        persist: true,
        storeName: 'file',
        wires: [['headers']],
      },
      ...request(cloud, ['drop']),
      {
        id: 'drop',
        type: 'function',
        func: "return { topic: 'control', payload: 'drop' };",
        wires: [['queue']],
      },
      {
        id: 'peek',
        type: 'inject',
        props: [{ p: 'payload' }, { p: 'topic', vt: 'str' }],
        repeat: '1.5',
        topic: 'control',
        payload: 'peek',
        payloadType: 'str',
        wires: [['queue']],
      },
    ],
  },
};

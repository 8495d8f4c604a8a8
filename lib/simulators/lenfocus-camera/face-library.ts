/** The persons that the device knows (§1.12–1.16, and the later edition's update and clear). */
import { BAD_PARAMETER, NO_SUCH_RESOURCE, OK, pageOf, type Answer, type Params } from './pages';

interface Person {
  pid: string;
  facts: Params;
}

/** Fields of `/person/add` that the document marks as required. */
const REQUIRED = [
  'pid',
  'name',
  'work_id',
  'id_card_no',
  'ic_card_no',
  'gender',
  'age',
  'department',
  'photo',
  'category',
];
const JPEG_START = '/9j/';

export class FaceLibrary {
  private readonly persons = new Map<string, Person>();

  /** @param onPhoto keeps a photo under its path on the device */
  constructor(private readonly onPhoto: (path: string, jpeg: Buffer) => void) {}

  get size(): number {
    return this.persons.size;
  }

  add(param: Params): Answer {
    if (REQUIRED.some((field) => !(field in param)) || !this.keep(param)) return BAD_PARAMETER;
    return OK;
  }

  update(param: Params): Answer {
    if (!this.persons.has(textOf(param.pid))) return NO_SUCH_RESOURCE;
    return this.keep(param) ? OK : BAD_PARAMETER;
  }

  list(param: Params): Answer {
    const { name, workId, idCard, phone, category } = param;
    const rows = [...this.persons.values()].filter(
      ({ facts }) =>
        matches(facts.name, name) &&
        matches(facts.work_id, workId) &&
        matches(facts.id_card_no, idCard) &&
        matches(facts.phone, phone) &&
        (category === undefined || facts.category === category),
    );
    const page = pageOf(rows, param, { first: 1, maxSize: 32 });
    if (!page) return BAD_PARAMETER;
    return { ...OK, result: { total: rows.length, list: page.map(entry) } };
  }

  query(param: Params): Answer {
    const person = this.persons.get(textOf(param.pid));
    return person ? { ...OK, result: entry(person) } : NO_SUCH_RESOURCE;
  }

  delete(param: Params): Answer {
    // The document calls the id optional. What a device does without it is not said; this one does the worst.
    if (param.pid === undefined) return this.clear();
    return this.persons.delete(textOf(param.pid)) ? OK : NO_SUCH_RESOURCE;
  }

  clear(): Answer {
    this.persons.clear();
    return OK;
  }

  private keep(param: Params): boolean {
    const pid = textOf(param.pid);
    const { photo, ...facts } = param;
    if (pid === '' || (photo !== undefined && !textOf(photo).startsWith(JPEG_START))) return false;
    const known = this.persons.get(pid)?.facts;
    const path = `data/facelib/${pid}.jpg`;
    if (photo !== undefined) this.onPhoto(path, Buffer.from(textOf(photo), 'base64'));
    this.persons.set(pid, { pid, facts: { phone: '', ...known, ...facts, photo: path } });
    return true;
  }
}

function entry({ facts }: Person): Params {
  return { ...facts };
}

/** No filter, or the text is part of the value. */
function matches(value: unknown, filter: unknown): boolean {
  return filter === undefined || filter === '' || textOf(value).includes(textOf(filter));
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

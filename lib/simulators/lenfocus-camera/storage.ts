/** What the device keeps on its card: videos (§1.7, §1.8), captures (§1.10, §1.11, §1.16) and files. */
import {
  BAD_PARAMETER,
  between,
  deviceTime,
  NO_SUCH_RESOURCE,
  OK,
  pageOf,
  type Answer,
  type Params,
} from './pages';

interface Video {
  filename: string;
  start_time: string;
  end_time: string;
}

export interface Capture {
  time: string;
  name: string;
  similarity: number;
  gender: number;
  age: number;
  jpeg_url_face: string;
  jpeg_url_body: string;
  jpeg_url_frame: string;
}

const VIDEO_MS = 10 * 60_000;
/** Files kept; the oldest is overwritten, as on a full card. */
const MAX_FILES = 200;

export class Storage {
  private readonly files = new Map<string, Buffer>();
  private readonly videos: Video[];
  private captures: Capture[] = [];

  /**
   * @param now milliseconds; videos end there
   * @param videos number of videos of ten minutes, one after the other
   */
  constructor(now: number, videos: number) {
    this.videos = Array.from({ length: videos }, (_, index) => {
      const start = deviceTime(now - (videos - index) * VIDEO_MS);
      const day = start.slice(0, 10).replaceAll('-', '');
      return {
        filename: `/progs/rec/00/${day}/N${start.slice(8).replace(/\D/g, '')}.mp4`,
        start_time: start,
        end_time: deviceTime(now - (videos - index - 1) * VIDEO_MS),
      };
    });
  }

  keepFile(path: string, content: Buffer): void {
    this.files.set(path, content);
    const oldest = this.files.keys().next();
    if (this.files.size > MAX_FILES && !oldest.done) this.files.delete(oldest.value);
  }

  keepCapture(capture: Capture): void {
    this.captures = [...this.captures, capture].slice(-1_000);
  }

  readFile(param: Params): Answer {
    const path = typeof param.path === 'string' ? param.path : '';
    const content = this.files.get(path);
    return content ? { ...OK, result: { path, base64: content.toString('base64') } } : NO_SUCH_RESOURCE;
  }

  /** Months are counted from 0. */
  videosPerMonth(param: Params): Answer {
    const { year, month } = param;
    if (!Number.isInteger(year) || !Number.isInteger(month) || Number(month) < 0 || Number(month) > 11) {
      return BAD_PARAMETER;
    }
    const prefix = `${String(year)}-${String(Number(month) + 1).padStart(2, '0')}-`;
    const counts = new Map<number, number>();
    for (const { start_time } of this.videos.filter((video) => video.start_time.startsWith(prefix))) {
      const day = Number(start_time.slice(8, 10));
      counts.set(day, (counts.get(day) ?? 0) + 1);
    }
    return { ...OK, result: [...counts].map(([day, count]) => ({ day, count })) };
  }

  videoList(param: Params): Answer {
    const rows = between(this.videos, param, (video) => video.start_time);
    const page = rows && pageOf(rows, param, { first: 0, maxSize: 500 });
    if (!page) return BAD_PARAMETER;
    const size = Number(param.page_size);
    return {
      ...OK,
      result: {
        total_page: Math.ceil(rows.length / size),
        total_file: rows.length,
        page_size: size,
        recordlist: page,
      },
    };
  }

  faceCaptures(param: Params): Answer {
    const rows = between(this.captures, param, (capture) => capture.time);
    const wanted = rows?.filter(({ name }) => !param.name || name === param.name);
    const page = wanted && pageOf(wanted, param, { first: 1, maxSize: 32 });
    return page ? { ...OK, result: { face_total: wanted.length, face_list: page } } : BAD_PARAMETER;
  }

  pedestrianCaptures(param: Params): Answer {
    const rows = between(this.captures, param, (capture) => capture.time);
    const page = rows && pageOf(rows, param, { first: 0, maxSize: 32 });
    if (!page) return BAD_PARAMETER;
    const list = page.map(({ time, jpeg_url_face, jpeg_url_body, jpeg_url_frame }) => ({
      time,
      jpeg_url_face,
      jpeg_url_body,
      jpeg_url_frame,
    }));
    return { ...OK, result: { total: rows.length, list } };
  }

  searchByPicture(param: Params): Answer {
    const threshold = Number(param.threshold);
    const rows = between(this.captures, param, (capture) => capture.time);
    if (!rows || typeof param.photo !== 'string' || !(threshold >= 0 && threshold <= 100))
      return BAD_PARAMETER;
    const list = rows
      .filter(({ similarity }) => similarity >= threshold)
      .map(({ time, similarity, jpeg_url_face }) => ({ time, score: similarity, jpeg_url_face }));
    return { ...OK, result: { total: list.length, face_list: list } };
  }
}

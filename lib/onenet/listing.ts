/** Lists that come page by page, read one after the other as they are asked for. */
import { SnapflowError } from '../errors';
import { text } from '../texts/mark';
import type { PageInfo } from './envelope';
import { initially, integer, optional } from './fields';

/** Fields that every list has. */
export const pageFields = (most: number, initial: number) => ({
  /** Only this page; default: all, one after the other. */
  page: optional(integer(text('Page'), { min: 1, max: 10_000 })),
  pageSize: initially(integer(text('Entries per page'), { min: 1, max: most }), initial),
  cap: initially(integer(text('At most'), { min: 1, max: 1_000_000 }), 10_000),
});

export interface Page<T> {
  items: T[];
  info: PageInfo | undefined;
}

export interface PagesOptions<T> {
  /** Only this page. */
  page: number | undefined;
  pageSize: number;
  /** Most items given. */
  cap: number;
  /** Tells items apart: while one reads, new ones push others to the next page. @param index place in its page */
  keyOf: (item: T, index: number) => string;
  fetchPage: (page: number) => Promise<Page<T>>;
}

/**
 * Items of all pages, each once.
 * @throws SnapflowError `PARTLY_DONE` when the platform repeats a page instead of giving the next
 */
export async function* pages<T>(options: PagesOptions<T>): AsyncGenerator<T, void, undefined> {
  const { page: only, pageSize, cap, keyOf, fetchPage } = options;
  const seen = new Set<string>();
  for (let page = only ?? 1; ; page++) {
    const { items, info } = await fetchPage(page);
    const before = seen.size;
    for (const [index, item] of items.entries()) {
      const key = keyOf(item, index);
      if (seen.has(key)) continue;
      seen.add(key);
      yield item;
      if (seen.size >= cap) return;
    }
    if (only !== undefined || isLast(page, items.length, pageSize, info)) return;
    if (seen.size === before) throw repeated(seen.size, info?.total);
  }
}

function isLast(page: number, count: number, pageSize: number, info: PageInfo | undefined): boolean {
  if (count === 0) return true;
  if (info?.pages !== undefined) return page >= info.pages;
  if (info?.total !== undefined) return page * (info.size ?? pageSize) >= info.total;
  return count < pageSize;
}

function repeated(got: number, total: number | undefined): SnapflowError {
  return new SnapflowError(
    'PARTLY_DONE',
    'OneNET gave {{got}} of {{total}} entries and then the same page again. Ask for a shorter time or with another filter.',
    { system: 'onenet', values: { got, total: total ?? '?' }, details: { got, total } },
  );
}

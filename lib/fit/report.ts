/** What was done with a picture. */
import type { PictureFormat } from '../picture';

export interface Facts {
  format: PictureFormat;
  bytes: number;
  width: number;
  height: number;
}

export interface FitReport {
  /** `passed`: byte for byte; `cleaned`: only data beside the picture taken out, no pixel changed; `encoded`: anew. */
  action: 'passed' | 'cleaned' | 'encoded';
  from: Facts & { quality?: number; frames?: number };
  to: Facts;
  /** Of the result, 1 to 100; for PNG 100 when nothing is lost. Only after `encoded`. */
  quality?: number;
  /** How often it was encoded. */
  encodes: number;
  tookMs: number;
  /** Letters of the stamp for which a box was drawn. */
  notDrawn?: string;
}

export interface Fitted {
  data: Buffer;
  report: FitReport;
}

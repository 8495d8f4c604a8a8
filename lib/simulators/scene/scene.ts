/**
 * What a simulated camera sees: a place in a colour of its own, a ball that wanders through it, and the clock,
 * date and name that cameras write into their pictures. Two pictures of different moments always differ.
 */
import { createHash } from 'node:crypto';
import { Canvas, colour, shade, textWidth } from './canvas';
import { GLYPH_HEIGHT } from '../../picture/font';
import { padJpeg } from './pad';

export interface SceneOptions {
  /** Written into the picture; also chooses the colour of the place. */
  name: string;
  /** Pixels. Default 640. */
  width?: number;
  /** Pixels. Default 360. */
  height?: number;
  /** JPEG quality, 1 to 100. Default 75. */
  quality?: number;
}

export interface PictureWish {
  /** Default: now. */
  at?: Date;
  /** A word at the lower edge, such as `2/3`. */
  caption?: string;
  /** Size of the file: a smaller picture is filled up to exactly so many bytes. */
  bytes?: number;
}

/** Milliseconds in which the ball crosses the picture. */
const CROSSING_MS = 10_000;
const INK = colour(245, 245, 245);
const SHADOW = colour(20, 24, 32);
const BALL = colour(255, 196, 32);

export class Scene {
  private readonly canvas: Canvas;
  private readonly place: Canvas;
  private last: { key: string; jpeg: Buffer } | undefined;

  constructor(private readonly options: SceneOptions) {
    const { width = 640, height = 360, name } = options;
    this.canvas = new Canvas(width, height);
    this.place = emptyPlace(width, height, hueOf(name));
  }

  /** A JPEG of the scene. The same wish in the same tenth of a second gives the same bytes without work. */
  picture({ at = new Date(), caption = '', bytes = 0 }: PictureWish = {}): Buffer {
    const key = `${Math.floor(at.getTime() / 100)} ${caption}`;
    if (this.last?.key !== key) this.last = { key, jpeg: this.take(at, caption) };
    return padJpeg(this.last.jpeg, bytes);
  }

  private take(at: Date, caption: string): Buffer {
    const { encode } = require('jpeg-js') as typeof import('jpeg-js');
    this.canvas.copyFrom(this.place);
    this.drawBall(at);
    this.drawWords(at, caption);
    const { width, height, data } = this.canvas;
    return encode({ width, height, data }, this.options.quality ?? 75).data;
  }

  private drawBall(at: Date): void {
    const { width, height } = this.canvas;
    const radius = height / 10;
    const turn = (at.getTime() % (2 * CROSSING_MS)) / CROSSING_MS;
    const x = turn < 1 ? turn : 2 - turn;
    const bounce = Math.abs(Math.sin(x * 3 * Math.PI));
    this.canvas.disc(
      radius + x * (width - 2 * radius),
      height * 0.9 - radius - bounce * height * 0.2,
      radius,
      BALL,
    );
  }

  private drawWords(at: Date, caption: string): void {
    const { width, height } = this.canvas;
    const [date = '', time = ''] = localTime(at);
    const small = Math.max(1, Math.floor(height / 120));
    const large = Math.max(1, Math.floor((width * 0.6) / textWidth(time, 1)));
    const margin = 4 * small;
    this.label(margin, margin, this.options.name, small);
    this.label(width - margin - textWidth(date, small), margin, date, small);
    this.label((width - textWidth(time, large)) / 2, height * 0.3, time, large);
    this.label(margin, height - margin - GLYPH_HEIGHT * small, caption, small);
  }

  /** Letters with a shadow, legible on any ground. */
  private label(left: number, top: number, words: string, scale: number): void {
    const offset = Math.max(1, scale / 2);
    this.canvas.text(left + offset, top + offset, words, scale, SHADOW);
    this.canvas.text(left, top, words, scale, INK);
  }
}

/** A sky that grows lighter towards the horizon, and ground with a path of stripes. */
function emptyPlace(width: number, height: number, hue: number): Canvas {
  const place = new Canvas(width, height);
  const horizon = Math.round(height * 0.72);
  for (let y = 0; y < height; y++) {
    const light = y < horizon ? 0.3 + 0.35 * (y / horizon) : 0.28;
    place.rectangle(0, y, width, 1, shade(hue, light));
  }
  for (let x = 0; x < width; x += width / 8) {
    place.rectangle(x, horizon, width / 16, height - horizon, shade(hue, 0.34));
  }
  return place;
}

function hueOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt16BE(0) % 360;
}

/** `["2026-01-02", "03:04:05"]` in the time zone of this machine, as a camera's display shows it. */
function localTime(at: Date): string[] {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 19).split('T');
}

/** Paths at which well-known cameras and programs give a picture, as their documents name them. */

export interface Preset {
  /** Stable name. */
  name: string;
  /** Maker or program. */
  title: string;
  path: string;
}

/** For the first channel; others have another number. An ONVIF camera itself names its path (`GetSnapshotUri`). */
export const PRESETS: readonly Preset[] = [
  { name: 'hikvision', title: 'Hikvision', path: '/ISAPI/Streaming/channels/101/picture' },
  { name: 'dahua', title: 'Dahua', path: '/cgi-bin/snapshot.cgi?channel=1' },
  { name: 'onvif', title: 'ONVIF', path: '/onvif-http/snapshot?Profile_1' },
  { name: 'go2rtc', title: 'go2rtc', path: '/api/frame.jpeg?src=camera1' },
  { name: 'axis', title: 'Axis', path: '/axis-cgi/jpg/image.cgi' },
  { name: 'uniview', title: 'Uniview', path: '/LAPI/V1.0/Channels/0/Media/Video/Streams/0/Snapshot' },
  { name: 'hanwha', title: 'Hanwha', path: '/stw-cgi/video.cgi?msubmenu=snapshot&action=view&Channel=0' },
  { name: 'vivotek', title: 'Vivotek', path: '/cgi-bin/viewer/video.jpg?channel=0' },
  { name: 'bosch', title: 'Bosch', path: '/snap.jpg' },
  { name: 'frigate', title: 'Frigate', path: '/api/camera1/latest.jpg' },
  { name: 'esp32', title: 'ESP32-CAM', path: '/capture' },
];

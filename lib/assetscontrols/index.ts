/** AssetsControls (OpenApi): pictures on demand, and the pictures of records. */
export { Account, DEFAULT_BASE_URL, type AccountOptions } from './account';
export { findAssetGuid, listAssets, type Asset, type CallOptions } from './assets';
export { parseCameraReply, type CameraReply } from './camera-reply';
export { listRecordFiles, recordPictures, type RecordFile } from './files';
export { CAMERAS, RESOLUTIONS, TYPES, type PhotographInput } from './instruction';
export { photograph, type Photograph, type PhotographOptions } from './photograph';
export { RESULTS } from './results';
export { testAccount } from './test-account';

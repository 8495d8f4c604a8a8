/** The Chinese catalogue: one file per system, put together. */
import zhAssetscontrols from './assetscontrols.json';
import zhCommon from './common.json';
import zhDelivery from './delivery.json';
import zhFilter from './filter.json';
import zhFit from './fit.json';
import zhFolder from './folder.json';
import zhHttp from './http.json';
import zhHuawei from './huawei.json';
import zhLenfocus from './lenfocus.json';
import zhNodes from './nodes.json';
import zhOnenet from './onenet.json';
import zhSimulators from './simulators.json';
import zhThingscloud from './thingscloud.json';
import zhWeb from './web.json';

export const chinese: Readonly<Record<string, string>> = {
  ...zhAssetscontrols,
  ...zhCommon,
  ...zhDelivery,
  ...zhFilter,
  ...zhFit,
  ...zhFolder,
  ...zhHttp,
  ...zhHuawei,
  ...zhLenfocus,
  ...zhNodes,
  ...zhOnenet,
  ...zhSimulators,
  ...zhThingscloud,
  ...zhWeb,
};

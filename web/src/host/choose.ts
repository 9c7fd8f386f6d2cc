import type { Config } from "./config";
import type { Host } from "./host";
import { StandaloneHost } from "./standalone";

export function chooseHost(config: Config, page: URL): Promise<Host> {
  return Promise.resolve(new StandaloneHost(config, page));
}

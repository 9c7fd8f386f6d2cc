import type { Config } from "@sotto/client";
import type { Host } from "./host";
import { StandaloneHost } from "./standalone";

/** The desktops' SDKs are large, so only the page that needs one loads it. */
export async function chooseHost(config: Config, page: URL): Promise<Host> {
  switch (config.host) {
    case "workspace":
      return (await import("./workspaceSdk")).connectWorkspace();
    case "ccp":
      return (await import("./ccpSdk")).connectCcp(config.ccpUrl);
    default:
      return new StandaloneHost(config, page);
  }
}

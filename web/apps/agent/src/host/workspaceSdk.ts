import { AmazonConnectApp, type AppContext } from "@amazon-connect/app";
import { AgentClient, ContactClient } from "@amazon-connect/contact";
import { ThemeClient } from "@amazon-connect/theme";
import { WorkspaceHost } from "./workspace";
import { applyWorkspaceTheme } from "./workspaceTheme";

/** Waits until the workspace has created this app; without the workspace around it never will. */
export async function connectWorkspace(): Promise<WorkspaceHost> {
  const context = await new Promise<AppContext>((resolve) => {
    AmazonConnectApp.init({
      onCreate: (event) => {
        resolve(event.context);
        return Promise.resolve();
      },
    });
  });
  const provider = AmazonConnectApp.default;
  // The panel looks right without the workspace's own theme, so nothing waits for it.
  void new ThemeClient({ provider }).getTheme().then(applyWorkspaceTheme, () => undefined);
  return new WorkspaceHost({
    agent: new AgentClient({ provider }),
    contacts: new ContactClient({ provider }),
    scopedTo: context.scope?.type === "contact" ? context.scope.contactId : null,
  });
}

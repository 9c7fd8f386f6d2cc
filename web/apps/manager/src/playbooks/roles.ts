/** Who writes playbooks, by sotto/api/roles.py; for what is offered. The server judges every request by itself. */
export const AUTHORS: readonly string[] = ["author", "admin"];

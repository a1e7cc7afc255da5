/** The verbs about the site and its passwords; they work with or without a daemon. */
import type { Config } from "./config.ts";
import { Fault } from "./domain/fault.ts";
import { isSecretName, SECRETS, type SecretName, secretsIn } from "./secrets.ts";
import { testSite } from "./targets.ts";

type Say = (line: string) => void;

/** @returns exit code: 0 if all went well, 2 if something did not */
export async function targetTest(config: Config, { json = false }: { json?: boolean }, say: Say): Promise<number> {
  const checks = await testSite(config, new AbortController().signal);
  if (json)
    say(JSON.stringify({ checks: checks.map(({ what, fault }) => ({ what, ok: fault === undefined, fault })) }));
  else
    for (const { what, fault } of checks)
      say(fault === undefined ? `ok      ${what}` : `failed  ${what}\n        ${fault}`);
  return checks.every(({ fault }) => fault === undefined) ? 0 : 2;
}

/**
 * Never as an argument: other users of the machine can read those.
 *
 * @param ask gives the password, typed or piped
 */
export async function secretSet(config: Config, name: string, ask: () => Promise<string>, say: Say): Promise<number> {
  const known = named(name);
  const password = await ask();
  if (password === "") throw new Fault("secret.missing", `nothing was typed for ${known}`);
  await secretsIn(config.data).set(known, password);
  say(`The password for ${known} is kept. Try it with photogate target test.`);
  return 0;
}

export async function secretForget(config: Config, name: string, say: Say): Promise<number> {
  const known = named(name);
  await secretsIn(config.data).forget(known);
  say(`The password for ${known} is forgotten.`);
  return 0;
}

export async function secretList(config: Config, say: Say): Promise<number> {
  const names = new Set(secretsIn(config.data).names());
  for (const name of SECRETS) say(`${name}  ${names.has(name) ? "kept" : "none"}`);
  return 0;
}

function named(name: string): SecretName {
  if (isSecretName(name)) return name;
  throw new Fault("secret.unknown", `there is no password called ${name}; there are ${SECRETS.join(" and ")}`);
}

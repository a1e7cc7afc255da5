import type { Config } from "./config.ts";

/** Puts a set of generated photos into the first inbox. @returns its folder */
export async function dropPracticeSet(config: Config): Promise<string> {
  return config.home;
}

// The command line of these scripts: `--name value` pairs, each with a sentence when it is missing.

import { readFileSync } from 'node:fs';

/** Reads the pairs; stops with a sentence when a needed one is missing. */
export function readArguments(needed, optional = {}) {
  const given = { ...optional };
  const words = process.argv.slice(2);
  for (let at = 0; at < words.length; at += 2) given[words[at].replace(/^--/, '')] = words[at + 1];
  for (const name of needed) {
    if (given[name] === undefined) {
      console.error(`--${name} is missing; \`cargo xtask\` starts this script with everything it needs`);
      process.exit(2);
    }
  }
  return given;
}

/** Reads a JSON file. */
export function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

import { buildPlugin } from "./build/plugin.mjs";

export default () => buildPlugin({ force: process.argv.includes("--force") });

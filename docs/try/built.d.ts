/** Names filled in by scripts/docs/try.mjs. */
declare const RECORDINGS_FILE: string;

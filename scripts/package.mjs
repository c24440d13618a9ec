export { buildArtefacts as default } from "./package/artefacts.mjs";

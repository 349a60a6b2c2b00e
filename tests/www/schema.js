// The schema of the settings as the module gives it, installed for tests that need no module. A native test holds the file against the code.

import { installSchema } from "../../www/settings/schema.js";
import schema from "./schema.json" with { type: "json" };

installSchema(schema);

export const systems = schema.presets;
export const system = (name) => systems.find((each) => each.name === name);

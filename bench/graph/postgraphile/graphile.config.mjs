// PostGraphile as its documentation sets it up, without any rule about who sees what.
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { jsonPgSmartTags } from "postgraphile/utils";

// What the database says with composite keys alone, as the keys of one column that relations are named by.
const keys = {
  group_link: ["(contract_id) references contract (id)", "(group_id) references access_group (id)"],
  membership: [
    "(group_id) references access_group (id)",
    "(user_id) references person (id)",
    "(work_relation_id) references work_relation (id)",
  ],
  work_relation_period: ["(work_relation_id) references work_relation (id)"],
};
const tags = Object.fromEntries(Object.entries(keys).map(([table, foreignKey]) => [table, { tags: { foreignKey } }]));

export default {
  extends: [PostGraphileAmberPreset],
  plugins: [jsonPgSmartTags({ version: 1, config: { class: tags } })],
  // Without it only columns with an index could be filtered and ordered by, which is too little for the same rows.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({ connectionString: process.env.DATABASE_URL, schemas: ["public"], poolConfig: { max: 10 } }),
  ],
  grafserv: { host: "127.0.0.1", port: Number(process.env.PORT), watch: false },
};

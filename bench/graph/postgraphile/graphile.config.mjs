// PostGraphile as its documentation sets it up, without any rule about who sees what.
import { makePgService } from "postgraphile/adaptors/pg";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";

export default {
  extends: [PostGraphileAmberPreset],
  // Without it only columns with an index could be filtered and ordered by, which is too little for the same rows.
  disablePlugins: ["PgIndexBehaviorsPlugin"],
  pgServices: [
    makePgService({ connectionString: process.env.DATABASE_URL, schemas: ["public"], poolConfig: { max: 10 } }),
  ],
  grafserv: { host: "127.0.0.1", port: Number(process.env.PORT), watch: false },
};

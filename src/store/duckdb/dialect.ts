/** Kysely on DuckDB: PostgreSQL's SQL, for reading only. Writing goes through the engine, in batches. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";

export type Read = (sql: string, parameters: readonly unknown[]) => Promise<Record<string, unknown>[]>;

/** A dialect whose queries are answered by `read`. */
export function duckdbDialect(read: Read): Dialect {
  const refuse = (): Promise<never> => Promise.reject(new Error("the store's db is for reading, one statement a time"));
  const connection: DatabaseConnection = {
    executeQuery: async <R>(query: CompiledQuery): Promise<QueryResult<R>> => ({
      rows: (await read(query.sql, query.parameters)) as R[],
    }),
    streamQuery: () => {
      throw new Error("results are not streamed: limit the query");
    },
  };
  const nothing = () => Promise.resolve();
  const driver: Driver = {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: refuse,
    commitTransaction: refuse,
    rollbackTransaction: refuse,
    releaseConnection: nothing,
    destroy: nothing,
  };
  return {
    createDriver: () => driver,
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createAdapter: () => new PostgresAdapter(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  };
}

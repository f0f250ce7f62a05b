// Starts the embedded server on the folder it is given, says what it is, and stops it again.
import pg from "pg";
import { startDatabaseServer } from "@/workers/database/server";

const [folder = ""] = process.argv.slice(2);
const server = await startDatabaseServer({ folder, logFile: `${folder}.log` });
const client = new pg.Client({ connectionString: server.url });
await client.connect();
const { rows } = await client.query(`SELECT current_setting('data_checksums') AS checksums, current_setting('server_encoding') AS encoding,
  current_setting('listen_addresses') AS listens, current_setting('unix_socket_directories') AS sockets, datcollate AS collation, datlocprovider::text AS provider,
  'ä' < 'z' AS linguistic, lower('ÄÖ') AS lower FROM pg_database WHERE datname = current_database()`);
await client.end();
await server.stop();
console.log(JSON.stringify({ ...rows[0], port: server.port }));

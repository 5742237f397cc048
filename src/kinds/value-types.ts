/**
 * Fields of common connection types that are no text, so that `${env:PORT}` needs no schema to be a number. What
 * stands in no table is asked of the API. From the reference's list of configuration keys by type.
 */
import type { JsonType } from '../api/type-schema.js';

type Types = Readonly<Record<string, JsonType>>;

const of = (type: JsonType, names: string): Types =>
  Object.fromEntries(names.split(' ').map((name) => [name, type]));

const tunnel: Types = {
  ...of('boolean', 'ssh'),
  ...of('integer', 'ssh_port'),
  ...of('string', 'ssh_host ssh_user'),
};
const database: Types = {
  ...tunnel,
  ...of('string', 'hostname database dbname username account password passwd'),
  ...of('integer', 'port'),
  ...of('boolean', 'ssl'),
};

export const valueTypes: Readonly<Record<string, Types | undefined>> = Object.assign(
  Object.create(null) as Record<string, Types>,
  {
    postgresql: { ...database, ...of('boolean', 'client_certs change_detection') },
    mysql: { ...database, ...of('boolean', 'change_detection') },
    redshift: {
      ...database,
      ...of('string', 'auth_mode s3_bucket_name s3_bucket_region'),
      ...of('boolean', 'use_bulk_sync_staging_schema'),
    },
    snowflake: {
      ...of('boolean', 'key_pair_auth use_bulk_sync_staging_schema'),
      ...of('string', 'account username dbname warehouse params bulk_sync_staging_schema'),
    },
    bigquery: {
      ...of('boolean', 'use_extract structured_values_as_json'),
      ...of('string', 'auth_method override_project_id wif_project_id location bucket'),
    },
    databricks: {
      ...tunnel,
      ...of('integer', 'port concurrent_queries'),
      ...of('boolean', 'unity_catalog_enabled enforce_query_limit'),
    },
    salesforce: {
      ...of('integer', 'daily_api_calls'),
      ...of('string', 'domain connect_mode'),
      ...of('boolean', 'enforce_api_limits enable_tooling enable_multicurrency_lookup'),
    },
    hubspot: of('boolean', 'include_static_list_support use_search_api'),
    s3: {
      ...of('integer', 'skip_lines'),
      ...of('string', 'auth_mode s3_bucket_name s3_bucket_region aws_access_key_id iam_role_arn'),
      ...of('boolean', 'is_single_table is_directory_snapshot csv_has_headers enable_event_notifications'),
    },
    strackr: of('integer', 'api_id'),
  },
);

/** Schemas of a connection. In the notation of notation.ts. */
export const schemasTypes = `
SetPrimaryKeysRequest:
  fields [SchemaPrimaryKeyOverrideInput]
UpsertSchemaFieldRequest:
  fields [UserFieldRequest]
PickValue:
  label, value
Schema:
  fields [SchemaField], id, name
SchemaAssociation:
  id, name, reference_to [text], referenced_field
SchemaField:
  association SchemaAssociation, id, is_primary_key boolean, name, remote_type, type UtilFieldType,
  type_spec TypesType, values [PickValue]
SchemaPrimaryKeyOverrideInput:
  field_id!, is_primary_key! boolean
SchemaRecordsResponseEnvelope:
  data [map]
TypesType = any
UserFieldRequest:
  example any, field_id!, label!, path, type!
UtilFieldType = 'unknown' | 'string' | 'number' | 'boolean' | 'datetime' | 'array' | 'object' | 'binary'
`;

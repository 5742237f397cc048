/** Schemas of a connection. In the notation of notation.ts. */
export const schemasTypes = `
SetPrimaryKeysRequest:
  fields [SchemaPrimaryKeyOverrideInput]
UpsertSchemaFieldRequest:
  fields [UserFieldRequest]
PickValue:
  depends_on map(text), label, value
Schema:
  fields [SchemaField], id, name
SchemaAssociation:
  id, name, reference_to [text], referenced_field
SchemaField:
  association SchemaAssociation, id, is_primary_key boolean, name, path, primary_key_override boolean,
  remote_type, source_primary_key boolean, type UtilFieldType, type_spec TypesType, user_managed boolean,
  values [PickValue]
SchemaPrimaryKeyOverrideInput:
  field_id!, is_primary_key! boolean
SchemaRecordsResponseEnvelope:
  data [map]
TypesType = any
UserFieldRequest:
  definition any, example any, field_id!, label!, path, type!
PatchSchemaFieldRequest:
  definition any, example any, label, path, type PatchedFieldType
PatchedFieldType = 'string' | 'number' | 'boolean' | 'datetime' | 'array' | 'object' | 'binary'
SchemaFieldResponseEnvelope:
  data SchemaField
UtilFieldType = 'unknown' | 'string' | 'number' | 'boolean' | 'datetime' | 'array' | 'object' | 'binary'
`;

/** Models, enrichment and jobs. In the notation of notation.ts. */
export const modelsTypes = `
EnrichmentInputFieldsRequest:
  configuration EnricherConfiguration
UpdateModelRequest:
  additional_fields [ModelModelFieldRequest], configuration! map, connection_id!, enricher Enrichment,
  fields [text], identifier, labels [text], name! name, organization_id, policies [text],
  refresh boolean, relations [ModelRelation], tracking_columns [text]
CreateModelRequest:
  additional_fields [ModelModelFieldRequest], configuration! map, connection_id!, enricher Enrichment,
  fields [text], identifier, labels [text], name! name, organization_id, policies [text],
  relations [ModelRelation], tracking_columns [text]
EnricherConfiguration = map
EnricherMapping = map(text)
Enrichment:
  configuration EnricherConfiguration, connection_id, enricher_id, fields [ModelField],
  mappings EnricherMapping
GetEnrichmentInputFieldsResponseEnvelope:
  data [[text]]
JobResponse:
  error, job_id, result any, status WorkTaskStatus, type
JobResponseEnvelope:
  data JobResponse
LabelLabel = map
ModelField:
  created_at instant, created_by OutputActor, description, example any, id, label, name, remote_type,
  type, unique boolean, updated_at instant, user_added boolean
ModelFieldResponse:
  data [ModelField]
ModelListResponseEnvelope:
  data [ModelResponse], pagination PaginationDetails
ModelModelFieldRequest:
  example, label!, name! name, type!
ModelRelation:
  from, to ModelRelationTo
ModelRelationTo:
  field, model_id
ModelResponse:
  configuration map, connection_id, created_at instant, created_by OutputActor, enricher Enrichment,
  fields [ModelField], id, identifier, labels [LabelLabel], name, organization_id, policies [text],
  relations [Relation], tracking_columns [text], type, updated_at instant, updated_by OutputActor,
  version number
ModelResponseEnvelope:
  data ModelResponse, job JobResponse
ModelSample:
  records [SampleRecord], warnings [text]
ModelSampleResponseEnvelope:
  data ModelSample, job JobResponse
Relation:
  from, to RelationTo
RelationTo:
  field, model_id
SampleRecord = map(map)
WorkTaskStatus = 'created' | 'running' | 'done' | 'failed'
`;

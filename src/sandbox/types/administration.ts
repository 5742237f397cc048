/** Identity, organizations, users, permissions, record logging, entities. In the notation of notation.ts. */
export const administrationTypes = `
GlobalErrorSubscribersRequest:
  emails [email]
CreateOrganizationRequestSchema:
  client_id, client_secret, issuer, name! name, sso_domain, sso_org_id
UpdateOrganizationRequestSchema:
  client_id, client_secret, issuer, name! name, sso_domain, sso_org_id
CreatePolicyRequest:
  name! name, organization_id, policy_actions [PolicyAction]
UpdatePolicyRequest:
  name! name, organization_id, policy_actions [PolicyAction]
CreateRoleRequest:
  name! name, organization_id
UpdateRoleRequest:
  name! name, organization_id
CreateUserRequestSchema:
  email! email, role, role_ids [text]
CurrentOrgCreateUserRequestSchema:
  email! email, role, role_ids [text]
CurrentOrgUpdateUserRequestSchema:
  role, role_ids [text]
UpdateUserRequestSchema:
  email! email, role, role_ids [text]
ApiError:
  key, message, metadata map, status number
ApiKeyResponse:
  value
ApiKeyResponseEnvelope:
  data ApiKeyResponse
EntityRelationship:
  id, path
EntityResponse:
  canonical_path, context map, id, organization_id, relationships map(EntityRelationship), type
EntityResponseEnvelope:
  data EntityResponse
GetIdentityResponseEnvelope:
  data GetIdentityResponseSchema
GetIdentityResponseSchema:
  credential IdentityCredentialSchema, email, id, is_organization boolean, is_partner boolean, is_system boolean, is_user boolean,
  organization_id, organization_name, role
IdentityCredentialSchema:
  api_key_profile IdentityCredentialApiKeyProfileSchema, harbor IdentityCredentialHarborSchema, method, mode,
  oauth_client_id, oauth_resource
IdentityCredentialApiKeyProfileSchema:
  capabilities IdentityCredentialCapabilitiesSchema, description, id, kind, name
IdentityCredentialCapabilitiesSchema:
  query IdentityCredentialConnectionCapabilitySchema, schemas IdentityCredentialConnectionCapabilitySchema
IdentityCredentialConnectionCapabilitySchema:
  connection_ids [text]
IdentityCredentialHarborSchema:
  actions_enabled boolean, description, id, mcp_server_url, name
GlobalErrorSubscribersResponse:
  emails [text]
JsonschemaForm = map
CurrentOrgListUsersEnvelope:
  data [CurrentOrgUserResponse]
CurrentOrgUserEnvelope:
  data CurrentOrgUserResponse
CurrentOrgUserResponse:
  email, harbor_ids [text], harbor_only boolean, id, organization_id, role, role_ids [text]
ListPoliciesResponseEnvelope:
  data [PolicyResponse]
ListUsersEnvelope:
  data [User]
Organization:
  id, issuer, name, sso_domain, sso_org_id
OrganizationEnvelope:
  data Organization
OrganizationsEnvelope:
  data [Organization]
OutputActor:
  id, name, type
PaginationDetails:
  next_page_token
PolicyAction:
  action!, role_ids [text]
PolicyResponse:
  id, name, organization_id, policy_actions [PolicyAction], system boolean
PolicyResponseEnvelope:
  data PolicyResponse
UpdateRecordLoggingRequest:
  enabled! boolean, deliveryConnectionId, deliveryPrefix
RecordLoggingSettingsEnvelope:
  data RecordLoggingSettingsResponse
RecordLoggingSettingsResponse:
  deliveryConnectionId, deliveryConnectionName, deliveryPrefix, enabled boolean
RoleListResponseEnvelope:
  data [RoleResponse]
RoleResponse:
  id, name, organization_id, system boolean
RoleResponseEnvelope:
  data RoleResponse
User:
  email, id, organization_id, role, role_ids [text]
UserEnvelope:
  data User
`;

/** What the server makes of every object: who made it when, and who changed it. */
export const serverMade: readonly string[] = [
  'id',
  'organization_id',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
];

/** What is there from the beginning. */

/** The organization of the sandbox's own key; the owner of every other one that its partner's key makes. */
export const owner = { id: '7d4b3a52-5f0e-4b57-9c8f-0f3a6e1c9d10', name: 'Sandbox' } as const;
export const user = {
  id: '3f1c2a44-8a3e-4f0c-9a55-1c0e8f6f7b21',
  email: 'you@example.com',
  role: 'admin',
} as const;

/** Somebody else, who changes things in the web page. */
export const stranger = {
  id: '5b8e0f6d-2a41-4c1e-8a57-9d3c7b6e1f02',
  name: 'somebody@example.com',
  type: 'user',
} as const;

/** Roles and policies that cannot be changed. */
export const systemRoles = ['Admin', 'Member'] as const;
export const systemPolicies = ['Default'] as const;

/** What a resource record will say once it is known to be removable; nobody says so of any platform yet. */
export const UNKNOWN_FACTS = { removable: null, freesContent: null } as const;

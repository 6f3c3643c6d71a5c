/** The token of `ApiDependencies` in Nest's container. */
export const API_DEPENDENCIES = Symbol('API_DEPENDENCIES');

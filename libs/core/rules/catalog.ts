/** Every kind of rule, each by the name that packs write: a new kind is its folder and its line here. */
export { keySpelling as 'key-spelling' } from './key-spelling/key-spelling.js';
export { keyCase as 'key-case' } from './key-case/key-case.js';
export { keyCollision as 'key-collision' } from './key-collision/key-collision.js';
export { requiredKey as 'required-key' } from './required-key/required-key.js';
export { staleKey as 'stale-key' } from './stale-key/stale-key.js';
export { unknownKey as 'unknown-key' } from './unknown-key/unknown-key.js';
export { emptyValue as 'empty-value' } from './empty-value/empty-value.js';
export { valueMap as 'value-map' } from './value-map/value-map.js';
export { valueAllowed as 'value-allowed' } from './value-allowed/value-allowed.js';
export { valueForm as 'value-form' } from './value-form/value-form.js';
export { expiredValue as 'expired-value' } from './expired-value/expired-value.js';
export { tagBudget as 'tag-budget' } from './tag-budget/tag-budget.js';

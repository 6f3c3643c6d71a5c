/** Times a fault came back after which it is said to flap: a fix that was undone twice. */
export const FLAPPING_AFTER = 2;

/** More digits than this can't be a row of ours: an id is a whole number as text. */
export const ROW_ID = /^\d{1,15}$/;

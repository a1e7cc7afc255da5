/** Longest texts, in characters, and most keywords. Apart from the schemas, because the page's script keeps to them as well. */
export const MAX_CAPTION = 300;
export const MAX_ALT_TEXT = 250;
export const MAX_KEYWORD = 64;
export const MAX_KEYWORDS = 50;
export const MAX_SUBJECT = 75;
export const MAX_LOCATION = 120;

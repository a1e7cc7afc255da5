/** How much room a set needs before its first photo is copied. */
const SPARE_BYTES = 2 ** 30;

/**
 * Copies, previews and the site's files take about twice what lies in the inbox; a gibibyte is left for everybody else.
 *
 * @param toCopy bytes of the set that are not copied yet
 * @param free bytes on the disk they go to
 * @returns bytes that are missing; 0 if there is room
 */
export const missingRoom = (toCopy: number, free: number): number => Math.max(0, 2 * toCopy + SPARE_BYTES - free);

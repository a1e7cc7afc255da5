/** What can be wrong with a photo technically, each with a sub-score of its own: 100 where it is not. */
export const DEFECTS = ["sharp", "noise", "motion", "block", "high", "low", "contrast"] as const;
export type Defect = (typeof DEFECTS)[number];

/** Those a person is asked about. Dark, bright and soft-toned photos are legitimate: they lower the band only. */
export const ATTENTION = ["sharp", "noise", "motion", "block"] as const satisfies readonly Defect[];

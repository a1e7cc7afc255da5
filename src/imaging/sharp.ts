import sharp from "sharp";

/**
 * The one door to sharp, tuned for a child process that does one photo at a time.
 *
 * One thread a photo: the pool runs as many children as there are cores. No cache: no file is decoded twice.
 */
sharp.concurrency(1);
sharp.cache(false);

// Sharp opens by content whatever it can: an SVG named .jpg would reach an XML parser. Only what we accept gets a loader.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["Jpeg", "Png", "Webp", "Tiff", "Nsgif", "Heif"].map((loader) => `VipsForeignLoad${loader}`),
});

export { sharp };

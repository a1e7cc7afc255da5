/** A model's server in a process of its own, so that what it costs is not counted: tells its address, and on a message how often it was asked. */
import { type Asked, replyText, sighted, startOllama } from "../tests/fakes/ollama.ts";

const THINGS =
  "post,boat,dune,dyke,harbour,lighthouse,net,rope,wave,stone,shell,crab,reed,meadow,fence,gate,ditch,bridge,tractor,sheep,cloud,mast,sail,anchor,buoy,pier,ladder,barrel,crate,bucket,bench,path,puddle,sluice,mill,barn,roof,chimney,window,door".split(
    ",",
  );
const thing = (n: number): string => THINGS[n % THINGS.length] ?? "post";

let photos = 0;
/** Other words for each photo, in which the rules find nothing. */
const described = (asked: Asked) => {
  if (asked.isTestCard) return sighted(asked);
  photos += 1;
  // Another round, other neighbours: no three things come together twice.
  const round = Math.floor(photos / THINGS.length);
  const [a, b, c] = [thing(photos), thing(photos + 7 + 5 * round), thing(photos + 19 + 11 * round)];
  return {
    text: replyText({
      visible: ["gulls", `a ${a}`, `a ${b}`, `a ${c}`],
      caption: `Gulls stand by a ${a} and a ${b} near a small ${c} on Texel.`,
      alt: `White birds between one ${b} and another ${c}.`,
      keywords: ["gull", "texel", a, b, c, "bird", "coast", `${a} ${b}`, `${b} ${c}`, `${c} ${a}`],
    }),
  };
};

const server = await startOllama();
server.answer = described;
server.latencyMs = Number(process.argv[2] ?? 0);
process.on("message", () => process.send?.({ asked: server.asked.length, complaints: server.complaints }));
process.on("disconnect", () => process.exit());
process.send?.({ url: server.url });

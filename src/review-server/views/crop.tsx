import type { FC } from "hono/jsx";
import type { PhotoSet } from "../../domain/photo.ts";
import type { CropSettings } from "../deps.ts";
import { type Frame, KeySheet, Page } from "./layout.tsx";
import { Footer } from "./review.tsx";

interface CropProps {
  readonly frame: Frame;
  readonly set: PhotoSet;
  readonly crop: CropSettings;
}

/** The frame of the crop page; its script fills it. Without script a browser goes on to the plain list, where nothing is cropped. */
export const CropPage: FC<CropProps> = ({ frame, set, crop }) => (
  <Page
    frame={frame}
    title={`${set.name} · Crop`}
    script="crop.js"
    here="review"
    main="review"
    plain={`/s/${set.id}/plain`}
    trail={
      <>
        <h1 class="trail">
          <a href={`/s/${set.id}`}>
            <bdi>{set.name}</bdi>
          </a>{" "}
          · Crop
        </h1>
        <span class="space" />
        <span id="crop-tally" class="muted"></span>
        <button type="button" id="chip" class="chip" data-state="saved" hidden>
          Saved
        </button>
        <button type="button" id="help" class="key scripted" data-command="help.sheet" aria-label="Keys">
          <kbd data-key="help.sheet">?</kbd>
        </button>
      </>
    }
    footer={<Footer />}
  >
    <div
      id="crop"
      class="crop"
      tabindex={-1}
      data-set={set.id}
      data-start={crop.start}
      data-panes={crop.panes}
      data-refill={crop.refill}
      data-least={crop.leastPixels}
      hidden
    >
      <p id="crop-none" class="empty" hidden></p>
      <p class="empty crop-small">
        A crop cannot be drawn on a screen this narrow. Use a tablet or a computer; deciding works here.{" "}
        <a href={`/s/${set.id}`}>Back to the photos</a>
      </p>
      <div id="panes" class="panes"></div>
      <div class="crop-bar" role="toolbar" aria-label="All photos shown">
        <button type="button" data-command="crop.back">
          Undo <kbd data-key="crop.back" />
        </button>
        <button type="button" class="main" data-command="crop.acceptAll">
          Accept all shown <kbd data-key="crop.acceptAll" />
        </button>
        <span class="space" />
        <span class="muted">Next</span>
        <span id="crop-next" class="crop-next"></span>
      </div>
    </div>
    <KeySheet />
  </Page>
);

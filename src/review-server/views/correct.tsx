import type { FC } from "hono/jsx";
import { MOST } from "../../domain/context.ts";
import { CATEGORIES, KINDS, LOCATIONS } from "./about.tsx";

/** Asks what is to be put right or done anew, shows what follows from it, and takes it. Filled by the island. */
export const CorrectDialog: FC = () => (
  <dialog id="correct" class="correct" aria-labelledby="correct-title">
    <h2 id="correct-title">Put right</h2>
    <form id="correct-form" class="fields">
      <label for="correct-subject">Subject</label>
      <input id="correct-subject" name="subject" type="text" maxlength={MOST.subject} autocomplete="off" />
      <label for="correct-location">Location</label>
      <input
        id="correct-location"
        name="location"
        type="text"
        maxlength={MOST.location}
        list={LOCATIONS}
        autocomplete="off"
      />
      <label for="correct-category">Category</label>
      <input
        id="correct-category"
        name="category"
        type="text"
        maxlength={MOST.category}
        list={CATEGORIES}
        autocomplete="off"
        required
      />
      <label for="correct-kind">Kind</label>
      <input id="correct-kind" name="kind" type="text" maxlength={MOST.kind} list={KINDS} autocomplete="off" />
      <fieldset>
        <legend>Have anew</legend>
        <label>
          <input type="checkbox" name="anew" value="words" /> Words
        </label>{" "}
        <label>
          <input type="checkbox" name="anew" value="name" /> File name
        </label>
      </fieldset>
      <fieldset>
        <legend>For</legend>
        <label>
          <input type="radio" name="scope" value="one" checked /> <bdi id="correct-one">this photo</bdi>
        </label>{" "}
        <label>
          <input type="radio" name="scope" value="shown" /> <span id="correct-shown">all on the grid</span>
        </label>
      </fieldset>
      <p class="consequence">
        File name, folder and the words nobody has typed follow from what you change here. What a person has written
        stays.
      </p>
      <p id="correct-said" role="status"></p>
      <section id="correct-photos" class="changes" tabindex={-1} aria-label="What would change" hidden></section>
      <div class="acts">
        <button type="submit" id="correct-show" class="main">
          Show what changes
        </button>
        <button type="button" id="correct-take" disabled>
          Take it
        </button>
        <button type="button" id="correct-cancel">
          Cancel
        </button>
      </div>
    </form>
  </dialog>
);

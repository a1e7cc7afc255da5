import type { FC } from "hono/jsx";

const REASONS = ["out of focus", "duplicate", "not publishable", "wrong subject"];

/** Asks why a photo is rejected. Filled by the island. */
export const RejectDialog: FC = () => (
  <dialog id="reject" aria-labelledby="reject-title">
    <form id="reject-form" method="dialog">
      <h2 id="reject-title">Reject</h2>
      <p>
        <label for="reject-reason">Why, if you like</label>{" "}
        <input id="reject-reason" type="text" maxlength={200} list="reject-reasons" autocomplete="off" />
      </p>
      <datalist id="reject-reasons">
        {REASONS.map((reason) => (
          <option value={reason} />
        ))}
      </datalist>
      <div class="acts">
        <button type="submit" class="main">
          Reject
        </button>
        <button type="submit" value="cancel">
          Cancel
        </button>
      </div>
    </form>
  </dialog>
);

// Draws at most once per animation frame, and not at all while the page, or the view of the workbench that it is in, is hidden.

const waiting = new Set(); // what changed while its view was hidden

/**
 * Wraps `draw`: however often the returned function is called, it is drawn once in the next frame. With the `element` that is drawn on,
 * only while the view around it is shown: else `drawShown` draws it later.
 */
export function onFrame(draw, element = null) {
  let wanted = false;
  const request = () => {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame((time) => {
      wanted = false;
      if (element?.closest("[data-view][hidden]")) waiting.add(request);
      else draw(time);
    });
  };
  return request;
}

/** Draws what changed while it was hidden; to be called when another view is shown. */
export function drawShown() {
  const requests = [...waiting];
  waiting.clear();
  for (const request of requests) request();
}

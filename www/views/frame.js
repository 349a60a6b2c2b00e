// Draws at most once per animation frame, and not at all while the page is hidden.

/** Wraps `draw`: however often the returned function is called, it is drawn once in the next frame. */
export function onFrame(draw) {
  let wanted = false;
  return () => {
    if (wanted) return;
    wanted = true;
    requestAnimationFrame((time) => {
      wanted = false;
      draw(time);
    });
  };
}

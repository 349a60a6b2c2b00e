// Adapters that compute in software, on the CPU's cores.

/** Whether the browser says so of an adapter, or its name does. */
export function isSoftware(adapter) {
  const { architecture, description } = adapter.info ?? {};
  return isFallback(adapter) || /swiftshader|llvmpipe|basic render/i.test(`${architecture} ${description}`);
}

/** Whether the browser took the adapter for want of a better one. */
export function isFallback({ info, isFallbackAdapter }) {
  return Boolean(info?.isFallbackAdapter ?? isFallbackAdapter);
}

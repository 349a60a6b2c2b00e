// Graphics adapters as other machines have them: what a test runs in the worker on the GPU before the worker's own script.

/** Runs `code` in each worker on the GPU before the worker's own. */
export async function beforeWorker(page, code) {
  await page.route(/worker[^/]*\.js\?module=gpu/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${code}\n${await response.text()}` });
  });
}

/** An adapter without optional features, and with no more than the limits that every WebGPU device has. The browser enforces them. */
export const LEAST_ADAPTER = `{
  const { requestAdapter } = GPU.prototype;
  const { requestDevice } = GPUAdapter.prototype;
  let limits;
  GPU.prototype.requestAdapter = async function (...args) {
    limits ??= (await requestDevice.call(await requestAdapter.apply(this, args))).limits;
    return requestAdapter.apply(this, args);
  };
  Object.defineProperties(GPUAdapter.prototype, {
    limits: { configurable: true, get: () => limits },
    features: { configurable: true, get: () => new Set() },
  });
  GPUAdapter.prototype.requestDevice = function ({ requiredFeatures = [] } = {}) {
    if ([...requiredFeatures].length > 0) throw new TypeError("the adapter has no features");
    return requestDevice.call(this);
  };
}`;

/** With subgroups, every kernel reads the value beside it in the place of the one across. */
export const BROKEN_SUBGROUPS = `{
  const { createShaderModule } = GPUDevice.prototype;
  GPUDevice.prototype.createShaderModule = function ({ code, ...more }) {
    return createShaderModule.call(this, { ...more, code: code.replaceAll("quadSwapDiagonal", "quadSwapX") });
  };
}`;

/** A driver that computes correctly until `globalThis.fault` is set to one of its faults. */
export const FAULTY_DRIVER = `{
  const code = new WeakMap(); // of shader modules and pipelines
  let current; // code of the pipeline set last
  const wrap = (prototype, name, make) => {
    const original = prototype[name];
    prototype[name] = make(original);
  };
  wrap(GPUDevice.prototype, "createShaderModule", (original) => function (descriptor) {
    const module = original.call(this, descriptor);
    code.set(module, descriptor.code);
    return module;
  });
  wrap(GPUDevice.prototype, "createComputePipeline", (original) => function (descriptor) {
    const pipeline = original.call(this, descriptor);
    code.set(pipeline, code.get(descriptor.compute.module));
    return pipeline;
  });
  wrap(GPUComputePassEncoder.prototype, "setPipeline", (original) => function (pipeline) {
    current = code.get(pipeline);
    return original.call(this, pipeline);
  });
  wrap(GPUComputePassEncoder.prototype, "dispatchWorkgroups", (original) => function (...args) {
    if (globalThis.fault === "stale buffers") return;
    if (globalThis.fault === "weights are not updated" && /moments/.test(current)) return;
    if (globalThis.fault === "bytes that stay bytes" && /unpack4x8unorm/.test(current)) return;
    return original.apply(this, args);
  });
  const values = (bytes, change) => {
    const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
    for (let i = 0; i < floats.length; i++) floats[i] = change(floats[i], i);
  };
  const noise = (x, i) => x * (1 + (i % 3 - 1) / 100); // 1 %
  const faults = { noise, zeros: () => 0, NaN: () => NaN };
  wrap(GPUQueue.prototype, "writeBuffer", (original) => function (buffer, at, data, from = 0, size = data.byteLength) {
    const change = faults[globalThis.fault];
    if (!change || size < 1024) return original.call(this, buffer, at, data, from, size);
    const source = data.buffer ?? data;
    const bytes = new Uint8Array(source.slice(from + (data.byteOffset ?? 0), from + (data.byteOffset ?? 0) + size));
    values(bytes, change);
    return original.call(this, buffer, at, bytes);
  });
  wrap(GPUBuffer.prototype, "getMappedRange", (original) => function (...args) {
    const range = original.apply(this, args);
    if (globalThis.fault === "wrong reading" && range.byteLength >= 4096) values(new Uint8Array(range), noise);
    return range;
  });
}`;

/** From here on the driver of all workers has this fault. */
export async function breakDriver(page, fault) {
  const set = (fault) => {
    globalThis.fault = fault;
  };
  const workers = page.workers().filter((worker) => worker.url().includes("module=gpu"));
  await Promise.all(workers.map((worker) => worker.evaluate(set, fault)));
}

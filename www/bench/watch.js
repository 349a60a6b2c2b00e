// Counts a library's calls to WebGPU and the memory it holds by wrapping the browser's interfaces, in the same way for every
// engine. Must run before the library is loaded.

const MIB = 2 ** 20;

const CALLS = {
  dispatches: ["GPUComputePassEncoder", ["dispatchWorkgroups", "dispatchWorkgroupsIndirect"]],
  submits: ["GPUQueue", ["submit"]],
  bindGroups: ["GPUDevice", ["createBindGroup"]],
  writes: ["GPUQueue", ["writeBuffer"]],
  pipelines: ["GPUDevice", ["createComputePipeline", "createComputePipelineAsync"]],
};

/** Starts counting; returns `{ calls(), memory() }`, memory in MiB. Creating a buffer with its contents counts as a write. */
export function watch(scope = globalThis) {
  const counts = Object.fromEntries(Object.keys(CALLS).map((name) => [name, 0]));
  for (const [count, [type, methods]] of Object.entries(CALLS)) {
    for (const method of methods) {
      wrap(scope[type]?.prototype, method, () => {
        counts[count]++;
      });
    }
  }
  const gpu = watchBuffers(scope, () => counts.writes++);
  const memories = watchWasm(scope);
  return {
    calls: () => ({ ...counts }),
    memory: () => ({
      wasm: memories().reduce((sum, memory) => sum + memory.buffer.byteLength, 0) / MIB,
      gpu: gpu().held / MIB,
      gpuPeak: gpu().peak / MIB,
      heap: (scope.performance.memory?.usedJSHeapSize ?? 0) / MIB,
    }),
  };
}

function wrap(prototype, method, before) {
  const original = prototype?.[method];
  if (!original) return;
  prototype[method] = function (...args) {
    before(...args);
    return original.apply(this, args);
  };
}

/** Bytes in GPU buffers that are neither destroyed nor garbage-collected, and their peak. */
function watchBuffers(scope, onWrite) {
  let held = 0;
  let peak = 0;
  if (!scope.GPUDevice) return () => ({ held, peak });
  const sizes = new Map();
  const forget = (key) => {
    held -= sizes.get(key) ?? 0;
    sizes.delete(key);
  };
  const collected = new FinalizationRegistry(forget);
  const keys = new WeakMap();
  let next = 0;
  const { createBuffer } = scope.GPUDevice.prototype;
  scope.GPUDevice.prototype.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    const key = next++;
    keys.set(buffer, key);
    sizes.set(key, descriptor.size);
    held += descriptor.size;
    peak = Math.max(peak, held);
    collected.register(buffer, key);
    if (descriptor.mappedAtCreation) onWrite();
    return buffer;
  };
  const { destroy } = scope.GPUBuffer.prototype;
  scope.GPUBuffer.prototype.destroy = function () {
    forget(keys.get(this));
    destroy.call(this);
  };
  return () => ({ held, peak });
}

/** Every WebAssembly memory, imported or exported. */
function watchWasm({ WebAssembly }) {
  const memories = new Set();
  const record = (result) => {
    for (const exported of Object.values((result.instance ?? result).exports ?? {}))
      if (exported instanceof WebAssembly.Memory) memories.add(exported);
    return result;
  };
  const { Memory, instantiate, instantiateStreaming } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor) {
      super(descriptor);
      memories.add(this);
    }
    static [Symbol.hasInstance](value) {
      return Object.prototype.isPrototypeOf.call(Memory.prototype, value);
    }
  };
  WebAssembly.instantiate = async (...args) => record(await instantiate(...args));
  WebAssembly.instantiateStreaming = async (...args) => record(await instantiateStreaming(...args));
  return () => [...memories];
}

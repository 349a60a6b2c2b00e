// The actions of the worker that makes data sets: of files that a person brings, and of drawings.

import { decodePicture } from "./decode-picture.js";

/** A file is refused by size before it is read; an unpacked set of 100,000 pictures is 78 MB. */
const MOST_BYTES = 500_000_000;
/** Pictures that are decoded at a time: the browser has threads of its own for it. */
const AT_A_TIME = 8;
/** Images that are framed and split already. */
const AS_THEY_ARE = { invert: false, transpose: false, test_share: 0, seed: 0, mnist_frame: false };

/** `wasm`: a promise of the module. */
export function importActions(wasm) {
  let found = null; // the DataImport
  let pictures = { done: 0, of: 0 }; // decoded; their indices begin with 0 once more when none is left

  const decodeNext = async (index) => {
    try {
      return await decodePicture(found.picture(index));
    } catch (error) {
      return error;
    }
  };
  const take = (index, picture) => {
    if (picture instanceof Error) found.refuse(index, picture.message);
    else found.take_pixels(index, picture.width, picture.height, picture.rgba);
  };

  return {
    async begin_import() {
      const { DataImport } = await wasm;
      found?.free();
      found = new DataImport();
      pictures = { done: 0, of: 0 };
    },
    /** Adds `files`, {name, file} each; resolves to those that could not be read, {file, kind, values}. What is refused of the others is in the summary. */
    async add_files({ files }) {
      const refused = [];
      for (const { name, file } of files) {
        const bytes = await bytesOf(file);
        if (bytes.kind) refused.push({ file: name, ...bytes });
        else pictures.of += addedTo(found, name, bytes);
      }
      return refused;
    },
    /** Decodes the next `count` pictures: {done, of}. */
    async decode_pictures({ count }) {
      const end = Math.min(pictures.of, pictures.done + count);
      while (pictures.done < end) {
        const length = Math.min(AT_A_TIME, end - pictures.done);
        const indices = Array.from({ length }, (_, k) => pictures.done + k);
        const decoded = await Promise.all(indices.map(decodeNext));
        for (const [k, picture] of decoded.entries()) take(indices[k], picture);
        pictures.done += length;
      }
      const progress = pictures;
      if (end === pictures.of) pictures = { done: 0, of: 0 };
      return progress;
    },
    import_summary: async () => found.summary(),
    finish_import: async ({ options }) => found.finish(options),

    /** What is in raw IDX files, with the names of the classes. */
    async describe_set({ images, labels, classes }) {
      const { DataImport } = await wasm;
      const set = new DataImport();
      try {
        set.add("train-images-idx3-ubyte", images);
        if (labels) set.add("train-labels-idx1-ubyte", labels);
        const summary = set.summary();
        const named = summary.classes.map(({ name, count }) => ({
          name: classes[Number(name)] ?? name,
          count,
        }));
        return { ...summary, classes: named };
      } finally {
        set.free();
      }
    },
    /** A set of these raw IDX files, in the form of DataImport.finish, with its hash; labels null where there are none. */
    async assemble({ name, classes, train_images, train_labels, test_images, test_labels, test_is_train }) {
      const { DataImport } = await wasm;
      const set = new DataImport();
      try {
        set.add("train-images-idx3-ubyte", train_images);
        if (train_labels) set.add("train-labels-idx1-ubyte", train_labels);
        set.add("t10k-images-idx3-ubyte", test_images);
        if (test_labels) set.add("t10k-labels-idx1-ubyte", test_labels);
        return { ...set.finish({ name, ...AS_THEY_ARE }), classes, test_is_train };
      } finally {
        set.free();
      }
    },
    augment: async (options) => (await wasm).augment(options),
    mix: async (options) => (await wasm).mix(options),
    split_off: async (options) => (await wasm).split_off(options),
    export_zip: async (set) => (await wasm).export_zip(set),
  };
}

/** The bytes of a File, or {kind, values} of why they cannot be had. */
async function bytesOf(file) {
  if (file.size > MOST_BYTES) {
    const values = { megabytes: Math.ceil(file.size / 1e6), most: MOST_BYTES / 1e6 };
    return { kind: "picked_file_too_large", values };
  }
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (error) {
    return { kind: "picked_file_not_read", values: { reason: error.message } };
  }
}

/** How many encoded pictures are in the file; none where it is refused. */
function addedTo(found, name, bytes) {
  try {
    return found.add(name, bytes).pictures;
  } catch (error) {
    if (error.kind) return 0; // in the summary
    throw error;
  }
}

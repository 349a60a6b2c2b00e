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
  let decoded = 0; // of its pictures

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
      decoded = 0;
    },
    /** Adds `files`, {name, file} each; resolves to those that were refused, {file, kind, values}. */
    async add_files({ files }) {
      const refused = [];
      for (const { name, file } of files) {
        const failure = await added(found, name, file);
        if (failure) refused.push({ file: name, ...failure });
      }
      return refused;
    },
    /** Decodes the next `count` pictures: {done, of}. */
    async decode_pictures({ count }) {
      const of = found.pictures();
      const end = Math.min(of, decoded + count);
      while (decoded < end) {
        const indices = Array.from({ length: Math.min(AT_A_TIME, end - decoded) }, (_, k) => decoded + k);
        const pictures = await Promise.all(indices.map(decodeNext));
        pictures.forEach((picture, k) => take(indices[k], picture));
        decoded += indices.length;
      }
      return { done: decoded, of };
    },
    import_summary: async () => found.summary(),
    finish_import: async ({ options }) => found.finish(options),

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

/** Null, or {kind, values} of why the file was refused. */
async function added(found, name, file) {
  if (file.size > MOST_BYTES)
    return {
      kind: "file_too_large",
      values: { megabytes: Math.ceil(file.size / 1e6), most: MOST_BYTES / 1e6 },
    };
  try {
    found.add(name, new Uint8Array(await file.arrayBuffer()));
    return null;
  } catch (error) {
    if (error.kind) return { kind: error.kind, values: error.values };
    if (error instanceof DOMException) return { kind: "file_not_read", values: { reason: error.message } };
    throw error;
  }
}

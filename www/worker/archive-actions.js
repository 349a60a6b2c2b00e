// The actions of the worker that writes and reads archives.

import { inflate } from "./inflate.js";

/** `wasm`: a promise of the module. */
export function archiveActions(wasm) {
  let writer = null;
  return {
    async begin_archive() {
      const { ArchiveWriter } = await wasm;
      writer = new ArchiveWriter();
    },
    archive_header: async ({ name, contents }) => writer.header(name, contents),
    finish_archive: async () => writer.finish(),
    /** [[name, contents], ..] */
    async read_archive({ bytes }) {
      const { read_archive: read, check_contents: check } = await wasm;
      const files = [];
      for (const [name, packed, deflated] of read(bytes)) {
        const contents = deflated ? await inflate(packed, deflated.size, name) : packed;
        if (deflated) check(name, contents, deflated.size, deflated.crc);
        files.push([name, contents]);
      }
      return files;
    },
    check_checkpoint: async ({ weights }) => (await wasm).check_checkpoint(weights),
  };
}

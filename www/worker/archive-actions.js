// The actions of the worker that writes and reads archives.

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
    read_archive: async ({ bytes }) => (await wasm).read_archive(bytes),
    check_checkpoint: async ({ weights }) => (await wasm).check_checkpoint(weights),
  };
}

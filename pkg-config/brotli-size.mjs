// Prints the size of each file named on the command line after brotli at its best, in bytes, one a line.
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";

const compress = promisify(brotliCompress);

// All at once, on as many threads as there are: the best takes its time.
const sizes = process.argv.slice(2).map(async (file) => {
  const bytes = await readFile(file);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  return (await compress(bytes, { params })).length;
});
for (const size of await Promise.all(sizes)) console.log(size);

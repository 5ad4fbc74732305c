// A call a line on standard input (its name, a space, its JSON), an answer a line on standard output.
import { writeSync, readSync } from "node:fs";

const SPACE = 0x20;
const LINE = 0x0a;

// `start` makes an instance: a function of name and JSON that gives the answer's bytes, or a promise of them. After a
// trap a fresh instance goes on.
export async function serve(start) {
  let answer = await start();
  for (const line of lines()) {
    const space = line.indexOf(SPACE);
    let bytes;
    try {
      bytes = await answer(line.subarray(0, space), line.subarray(space + 1));
    } catch (error) {
      bytes = Buffer.from(JSON.stringify({ trap: String(error) }));
      answer = await start();
    }
    write(bytes);
    write(Buffer.from("\n"));
  }
}

function* lines() {
  const chunk = Buffer.alloc(1 << 20);
  let parts = [];
  for (;;) {
    let read;
    try {
      read = readSync(0, chunk, 0, chunk.length, null);
    } catch (error) {
      if (error.code === "EAGAIN") continue;
      if (error.code === "EOF") return;
      throw error;
    }
    if (read === 0) return;
    let rest = Buffer.from(chunk.subarray(0, read));
    for (let end = rest.indexOf(LINE); end >= 0; end = rest.indexOf(LINE)) {
      yield Buffer.concat([...parts, rest.subarray(0, end)]);
      parts = [];
      rest = rest.subarray(end + 1);
    }
    parts.push(rest);
  }
}

function write(bytes) {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(1, bytes, done);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

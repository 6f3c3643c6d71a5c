const FIRST_BYTES = 4_096;
const FIRST_ROWS = 256;

type Numbers = Uint8Array | Uint32Array | Int32Array | Float64Array;

/** Numbers in a typed array that grows. */
export class NumberColumn<Kind extends Numbers> {
  private rows: Kind;
  length = 0;

  constructor(private readonly make: new (size: number) => Kind) {
    this.rows = new make(FIRST_ROWS);
  }

  push(value: number): void {
    if (this.length === this.rows.length) {
      const wider = new this.make(this.rows.length * 2);
      wider.set(this.rows);
      this.rows = wider;
    }
    this.rows[this.length++] = value;
  }

  get(row: number): number {
    return this.rows[row] ?? 0;
  }

  /** Nothing more will come. */
  trim(): void {
    this.rows = this.rows.slice(0, this.length) as Kind;
  }

  set(row: number, value: number): void {
    this.rows[row] = value;
  }
}

/** Texts one after the other as UTF-8: a tenth of what as many strings take. */
export class TextColumn {
  private bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private readonly ends = new NumberColumn(Uint32Array);
  private filled = 0;

  /** Bytes that are UTF-8. */
  pushBytes(source: Buffer, start: number, end: number): void {
    this.makeRoom(end - start);
    this.filled += source.copy(this.bytes, this.filled, start, end);
    this.ends.push(this.filled);
  }

  /** @returns its row */
  push(text: string): number {
    const size = Buffer.byteLength(text);
    this.makeRoom(size);
    this.filled += this.bytes.write(text, this.filled, size, 'utf8');
    this.ends.push(this.filled);
    return this.ends.length - 1;
  }

  get(row: number): string {
    return this.bytes.toString('utf8', row === 0 ? 0 : this.ends.get(row - 1), this.ends.get(row));
  }

  /** Nothing more will come. */
  trim(): void {
    this.bytes = Buffer.from(this.bytes.subarray(0, this.filled));
    this.ends.trim();
  }

  private makeRoom(more: number): void {
    if (this.filled + more <= this.bytes.length) return;
    const wider = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.filled + more));
    this.bytes.copy(wider, 0, 0, this.filled);
    this.bytes = wider;
  }
}

/** Object ids as bytes: half of their digits, a quarter of such a string. */
export class IdColumn {
  private bytes: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  private readonly size: number;
  length = 0;

  /** @param digits of each id */
  constructor(digits: number) {
    this.size = digits / 2;
  }

  /** Hexadecimal digits, which somebody has checked. */
  push(source: Buffer, start: number): void {
    const from = this.length * this.size;
    if (from + this.size > this.bytes.length) {
      const wider = Buffer.allocUnsafe(this.bytes.length * 2);
      this.bytes.copy(wider, 0, 0, from);
      this.bytes = wider;
    }
    for (let n = 0; n < this.size; n += 1)
      this.bytes[from + n] = digit(source[start + n * 2]) * 16 + digit(source[start + n * 2 + 1]);
    this.length += 1;
  }

  get(row: number): string {
    return this.bytes.toString('hex', row * this.size, (row + 1) * this.size);
  }

  /** Nothing more will come. */
  trim(): void {
    this.bytes = Buffer.from(this.bytes.subarray(0, this.length * this.size));
  }

  equal(row: number, other: number): boolean {
    const { bytes, size } = this;
    return bytes.compare(bytes, other * size, (other + 1) * size, row * size, (row + 1) * size) === 0;
  }

  /** The first 32 bits of an id: as good as any hash of it. */
  hash(row: number): number {
    return this.bytes.readUInt32BE(row * this.size);
  }
}

/** Of `0`–`9`, `a`–`f`. */
const digit = (byte = 0): number => (byte <= 57 ? byte - 48 : byte - 87);

package peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One elevator's past, as far as the five rules need it; kept as hand-packed bytes. */
final class Elevator {
  static final int REOPENS = 3;
  private static final int STILL = 1, STILL_TOLD = 2, LAPSES = 4, LAPSE_TOLD = 8, FAULT = 16;
  private static final byte[] NONE = {};

  boolean stillTold, lapses, lapseTold;
  long stillMs, lapsesMs, faultMs;
  byte[] stillId, faultId;  // null: no stand between floors, no fault
  int reopens;
  final long[] reopenMs = new long[REOPENS];
  final byte[][] reopenId = new byte[REOPENS][];

  private final ByteBuffer buffer = ByteBuffer.allocate(2048);

  /** null: an elevator that was never heard of. */
  void read(byte[] packed) {
    ByteBuffer in = ByteBuffer.wrap(packed == null ? NONE : packed);
    int flags = packed == null ? 0 : in.get();
    stillTold = (flags & STILL_TOLD) != 0;
    lapses = (flags & LAPSES) != 0;
    lapseTold = (flags & LAPSE_TOLD) != 0;
    stillMs = (flags & STILL) != 0 ? in.getLong() : 0;
    stillId = (flags & STILL) != 0 ? id(in) : null;
    lapsesMs = lapses ? in.getLong() : 0;
    faultMs = (flags & FAULT) != 0 ? in.getLong() : 0;
    faultId = (flags & FAULT) != 0 ? id(in) : null;
    reopens = packed == null ? 0 : in.get();
    for (int i = 0; i < reopens; ++i) {
      reopenMs[i] = in.getLong();
      reopenId[i] = id(in);
    }
  }

  /** null: nothing to remember. */
  byte[] packed() {
    if (stillId == null && !stillTold && !lapses && faultId == null && reopens == 0) return null;
    buffer.clear();
    int flags = (stillId != null ? STILL : 0) | (stillTold ? STILL_TOLD : 0)
        | (lapses ? LAPSES : 0) | (lapseTold ? LAPSE_TOLD : 0) | (faultId != null ? FAULT : 0);
    buffer.put((byte) flags);
    if (stillId != null) put(stillMs, stillId);
    if (lapses) buffer.putLong(lapsesMs);
    if (faultId != null) put(faultMs, faultId);
    buffer.put((byte) reopens);
    for (int i = 0; i < reopens; ++i) put(reopenMs[i], reopenId[i]);
    byte[] bytes = new byte[buffer.position()];
    buffer.flip().get(bytes);
    return bytes;
  }

  static byte[] bytes(String id) {
    return id.getBytes(StandardCharsets.ISO_8859_1);
  }

  private void put(long ms, byte[] id) {
    buffer.putLong(ms).put((byte) id.length).put(id);
  }

  private static byte[] id(ByteBuffer in) {
    byte[] bytes = new byte[in.get()];
    in.get(bytes);
    return bytes;
  }
}

package org.jtorch.serialize;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Tells formats apart by their first bytes; names are not trusted. */
final class FormatDetection {

    private static final int ZIP = 0x04034b50;

    /** An archive without entries. */
    private static final int EMPTY_ZIP = 0x06054b50;

    /** How PyTorch before 1.6 begins: protocol 2, and its magic number as a long of ten bytes. */
    private static final byte[] LEGACY = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc, (byte) 0x9c, 0x46};

    private static final int HEAD = 16;

    private FormatDetection() {}

    static CheckpointFormat of(MappedFile file) {
        int length = (int) Math.min(file.size(), HEAD);
        ByteBuffer head = file.at(0, length);
        if (length >= 4 && (head.getInt(0) == ZIP || head.getInt(0) == EMPTY_ZIP)) {
            return CheckpointFormat.TORCH;
        }
        if (length > 8 && head.get(8) == '{') {
            return CheckpointFormat.SAFETENSORS;
        }
        if (length >= LEGACY.length && head.slice(0, LEGACY.length).equals(ByteBuffer.wrap(LEGACY))) {
            throw new CheckpointException(
                    "is of the format of PyTorch before 1.6, which is not read; in a later Python PyTorch,"
                            + " load it and save it again");
        }
        byte[] bytes = new byte[length];
        head.get(0, bytes);
        throw new CheckpointException("is no checkpoint: it begins with '" + shown(bytes)
                + "', as neither torch.save nor safetensors begins");
    }

    private static String shown(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(bytes, StandardCharsets.ISO_8859_1).toCharArray()) {
            text.append(c >= ' ' && c < 127 ? c : '.');
        }
        return text.toString();
    }
}

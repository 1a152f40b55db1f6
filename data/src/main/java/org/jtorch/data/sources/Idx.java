package org.jtorch.data.sources;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;

/**
 * Reads IDX, the format of MNIST and its kin: a tensor of uint8, int8, int16, int32, float32 or float64. The file may be
 * compressed by gzip.
 */
public final class Idx {

    /** How much is read at a time, so that a header alone cannot make the process run out of memory. */
    private static final int PIECE = 1 << 26;

    /** The most bytes that one byte of gzip can become. */
    private static final long GZIP_RATIO = 1032;

    private Idx() {}

    /**
     * Reads a file into a tensor.
     *
     * @throws TorchException if the header is not of IDX, or the file has more or fewer values than its header says
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    public static Tensor read(Path path) {
        try (InputStream in = TextFiles.open(path)) {
            byte[] magic = read(in, 4);
            if (magic[0] != 0 || magic[1] != 0) {
                throw new TorchException(path + ": is not an IDX file: its first bytes are " + Arrays.toString(magic)
                        + ", not 0, 0, type, dimensions");
            }
            DType dtype = dtype(path, magic[2]);
            int dimensions = magic[3] & 0xff;
            if (dimensions == 0) {
                throw new TorchException(path + ": an IDX file has at least 1 dimension, but this one has 0");
            }
            ByteBuffer header = ByteBuffer.wrap(read(in, 4 * dimensions));
            long[] shape = new long[dimensions];
            for (int i = 0; i < dimensions; i++) {
                shape[i] = Integer.toUnsignedLong(header.getInt());
            }
            return values(path, in, dtype, shape);
        } catch (EOFException e) {
            throw new TorchException(path + ": ends before the values that its header announces", e);
        } catch (IOException e) {
            throw TextFiles.failure(path, e);
        }
    }

    private static DType dtype(Path path, byte code) {
        return switch (code) {
            case 8 -> DType.UINT8;
            case 9 -> DType.INT8;
            case 11 -> DType.INT16;
            case 12 -> DType.INT32;
            case 13 -> DType.FLOAT32;
            case 14 -> DType.FLOAT64;
            default ->
                throw new TorchException(path + ": has the type " + (code & 0xff)
                        + ", but the types of IDX are 8, 9, 11, 12, 13 and 14");
        };
    }

    private static Tensor values(Path path, InputStream in, DType dtype, long[] shape) throws IOException {
        long left = bytes(path, dtype, shape);
        if (left > Files.size(path) * GZIP_RATIO) {
            throw new TorchException(path + ": has " + Files.size(path) + " bytes, but its header announces the shape "
                    + Arrays.toString(shape) + " of " + dtype);
        }
        List<Tensor> pieces = new ArrayList<>();
        do {
            int size = (int) Math.min(left, PIECE);
            ByteBuffer piece = ByteBuffer.wrap(read(in, size));
            pieces.add(Torch.fromBuffer(piece, dtype, size / dtype.itemSize()));
            left -= size;
        } while (left > 0);
        if (in.read() >= 0) {
            throw new TorchException(path + ": goes on after the values of its shape " + Arrays.toString(shape));
        }
        return (pieces.size() == 1 ? pieces.get(0) : Torch.cat(pieces)).view(shape);
    }

    private static long bytes(Path path, DType dtype, long[] shape) {
        try {
            long bytes = dtype.itemSize();
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
            return bytes;
        } catch (ArithmeticException e) {
            throw new TorchException(path + ": its header announces an impossible shape: " + Arrays.toString(shape), e);
        }
    }

    private static byte[] read(InputStream in, int size) throws IOException {
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException();
        }
        return bytes;
    }
}

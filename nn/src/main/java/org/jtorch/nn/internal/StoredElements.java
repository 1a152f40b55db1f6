package org.jtorch.nn.internal;

import java.nio.ByteBuffer;
import org.jtorch.DType;
import org.jtorch.Device;
import org.jtorch.Layout;
import org.jtorch.Operator;
import org.jtorch.Tensor;
import org.jtorch.UntypedStorage;
import org.jtorch.internal.LentBytes;

/** The memory of a tensor on the CPU as numbers. It is created and closed by one thread, and may be read by any thread. */
final class StoredElements implements AutoCloseable {

    /** The number of bytes from the start of one buffer to the start of the next. */
    private static final long WINDOW = 1L << 30;

    /** The number of bytes by which buffers overlap, which is the greatest span of one read. */
    static final long SPAN = (1L << 30) - 1;

    private final UntypedStorage storage;
    private final ByteBuffer[] windows;
    private final long start;
    private final NumberDecoder decoder;
    private final boolean conj;
    private final boolean neg;
    private final boolean complex;

    private StoredElements(Tensor bare, NumberDecoder decoder, boolean complex, boolean conj, boolean neg) {
        this.storage = UntypedStorage.of(bare);
        this.windows = new ByteBuffer[Math.toIntExact(storage.nbytes() / WINDOW + 1)];
        for (int i = 0; i < windows.length; i++) {
            long at = i * WINDOW;
            windows[i] = LentBytes.of(storage, at, (int) Math.min(WINDOW + SPAN, storage.nbytes() - at));
        }
        this.start = bare.storageOffset() * bare.dtype().itemSize() / decoder.itemSize();
        this.decoder = decoder;
        this.complex = complex;
        this.conj = conj;
        this.neg = neg;
    }

    /**
     * Returns the elements of {@code tensor} as numbers.
     *
     * @throws UnsupportedOperationException if it has no memory that can be read in this way
     */
    static StoredElements of(Tensor tensor) {
        require(tensor);
        NumberDecoder decoder = NumberDecoder.of(NumberDecoder.part(tensor.dtype()));
        return of(tensor, decoder, tensor.isComplex());
    }

    /** Returns the elements as integers of the same size, for dtypes that are not numbers. */
    static StoredElements bitsOf(Tensor tensor) {
        require(tensor);
        DType bits =
                switch (tensor.dtype().itemSize()) {
                    case 1 -> DType.UINT8;
                    case 2 -> DType.UINT16;
                    case 4 -> DType.UINT32;
                    default ->
                        throw new UnsupportedOperationException("elements of " + tensor.dtype() + " are too long");
                };
        return of(tensor, NumberDecoder.of(bits), false);
    }

    private static StoredElements of(Tensor tensor, NumberDecoder decoder, boolean complex) {
        boolean conj = tensor.isConj();
        boolean neg = tensor.isNeg();
        Tensor plain = conj ? tensor.conj() : tensor; // A second conjugation undoes the first without a copy.
        Tensor bare =
                neg ? (Tensor) Operator.find("aten::_neg_view", "").call(plain).get(0) : plain;
        return new StoredElements(bare, decoder, complex, conj, neg);
    }

    private static void require(Tensor tensor) {
        if (tensor.isUninitialized()) {
            throw new UnsupportedOperationException("it has no shape yet");
        }
        if (tensor.isNested()) {
            throw new UnsupportedOperationException("it is a nested tensor");
        }
        if (tensor.layout() != Layout.STRIDED) {
            throw new UnsupportedOperationException("it is of layout " + tensor.layout());
        }
        if (tensor.isMeta()) {
            throw new UnsupportedOperationException("it is on the meta device, and has no elements");
        }
        if (!tensor.device().equals(Device.CPU)) {
            throw new UnsupportedOperationException("it is on " + tensor.device());
        }
    }

    NumberDecoder decoder() {
        return decoder;
    }

    /** Returns whether the bytes are the values, without a lazy operation on them. */
    boolean isPlain() {
        return !conj && !neg;
    }

    /**
     * Reads equally spaced values.
     *
     * @param at the position of the first value, counted in values from the tensor's first
     * @param step the distance from one value to the next, counted in values
     */
    void read(long at, long step, double[] to, int first, int count) {
        int size = decoder.itemSize();
        if ((count - 1) * step * size + size > SPAN) {
            for (int i = 0; i < count; i++) {
                read(at + i * step, 1, to, first + i, 1);
            }
            return;
        }
        long place = (start + at) * size;
        int window = (int) (place / WINDOW);
        decoder.read(windows[window], (int) (place % WINDOW), (int) step * size, to, first, count);
        if (neg || conj) {
            negate(to, first, count);
        }
    }

    /** Negates imaginary parts. Real and imaginary parts alternate, and a block begins with a real part. */
    private void negate(double[] to, int first, int count) {
        for (int i = first; i < first + count; i++) {
            boolean imaginary = complex && (i & 1) == 1;
            if (neg != (conj && imaginary)) {
                to[i] = -to[i];
            }
        }
    }

    /** Returns the bytes of adjacent values; at most {@link #SPAN} bytes. */
    ByteBuffer bytes(long at, int count) {
        long place = (start + at) * decoder.itemSize();
        return windows[(int) (place / WINDOW)].slice((int) (place % WINDOW), count * decoder.itemSize());
    }

    /** Returns the bits of a 64-bit value. */
    long bits(long at) {
        long place = (start + at) * Long.BYTES;
        return windows[(int) (place / WINDOW)].getLong((int) (place % WINDOW));
    }

    @Override
    public void close() {
        storage.close();
    }
}

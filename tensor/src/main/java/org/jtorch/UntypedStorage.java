package org.jtorch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DataPtr;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.PointerConsumer;
import org.bytedeco.pytorch.Storage;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.jtorch.internal.engine.Doors;
import org.jtorch.internal.engine.MappedPages;
import org.jtorch.internal.engine.Modes;

/**
 * A block of bytes that tensors are views of, as PyTorch's {@code torch.UntypedStorage}. A storage can be a file that is
 * mapped into memory, of which only the parts that are accessed are read. A part of a storage can be a storage of its own,
 * so that the tensors of one file are not views of each other.
 *
 * <p>The bytes live as long as any storage, part, buffer or tensor over them. {@link #close}, or the garbage collector,
 * releases only this object. After a {@link #buffer} was taken, the storage cannot be resized any more: an operation that
 * would do so throws.
 */
public final class UntypedStorage extends Confined implements AutoCloseable {

    /** The distance in bytes between the starts of two {@link #windows}. */
    private static final long WINDOW = 1L << 30;

    private static final Storage.use_byte_size_t BYTES;
    private static final org.bytedeco.pytorch.Device CPU;
    private static final org.bytedeco.pytorch.@Nullable TensorOptions[] OPTIONS =
            new org.bytedeco.pytorch.TensorOptions[DType.values().length];
    private static final BytePointer NOWHERE;

    static {
        Ops.load();
        NOWHERE = new BytePointer(1);
        BYTES = new Storage.use_byte_size_t(NOWHERE);
        CPU = Device.CPU.handle();
        Doors.open(UntypedStorage.class, (Doors.Storages<UntypedStorage>) UntypedStorage::lend);
    }

    private final Pointer holder;
    private final Storage storage;
    private final long nbytes;
    private final boolean cpu;
    /** Whether the bytes are memory of the process, which is counted, and not pages of a file. */
    private final boolean counted;

    /** The address of the first byte, determined once. */
    private @Nullable Pointer data;

    /** This object's hold on the memory that the parts of this storage use, created with the first part. */
    private @Nullable Hold whole;

    /** Buffers over all bytes, by number. Each keeps the memory, and is kept by its slices. */
    private final Map<Long, ByteBuffer> windows = new HashMap<>(1);

    private volatile boolean closed;

    /** When {@link NativeMemory} counted the bytes, or -1. */
    private int counting = -1;

    /**
     * Takes ownership of a handle.
     *
     * @param holder keeps {@code storage} alive; freed by {@link #close}
     */
    private UntypedStorage(Pointer holder, Storage storage, long nbytes, boolean cpu, boolean counted) {
        this.holder = holder;
        this.storage = storage;
        this.nbytes = nbytes;
        this.cpu = cpu;
        this.counted = counted;
    }

    // --- creation ----------------------------------------------------------------------------------------------

    /**
     * Maps the first {@code nbytes} bytes of a file. A page is read when it is first accessed, and writes stay in this
     * process. The file may be replaced or deleted meanwhile, but must not be truncated.
     *
     * @param path a file of the default file system
     * @param nbytes at least 1, and at most the size of the file
     * @throws TorchException if the file cannot be mapped
     */
    public static UntypedStorage fromFile(Path path, long nbytes) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(path + " is inside of another file system (" + path.getFileSystem()
                    + "), which cannot be mapped: copy it to a file on the disk first");
        }
        if (nbytes < 1) {
            throw new IllegalArgumentException(
                    "cannot map " + nbytes + " bytes of " + path + ": the number must be at least 1");
        }
        try (var shared = new BoolOptional(false);
                var count = new LongOptional(nbytes)) {
            return ofOwned(
                    torch.from_file(path.toAbsolutePath().toString(), shared, count, options(DType.UINT8)), false);
        } catch (RuntimeException e) {
            UntypedStorage unreserved = unreserved(path, nbytes);
            if (unreserved == null) {
                throw Ops.failure("from_file", e);
            }
            return unreserved;
        }
    }

    /**
     * Maps a file without reserving memory, for a file that is larger than the memory. Returns null if this is not
     * possible.
     */
    static @Nullable UntypedStorage unreserved(Path path, long nbytes) {
        try {
            if (Files.size(path) < nbytes) {
                return null; // bytes after the end could be mapped, but not read
            }
        } catch (IOException e) {
            return null; // the caller throws the first failure, which describes the problem
        }
        long address = MappedPages.map(path.toAbsolutePath().toString(), nbytes);
        if (address == 0) {
            return null;
        }
        Whole whole = Whole.of(() -> MappedPages.unmap(address, nbytes));
        try (Pointer start = new Address(address);
                DataPtr pointer = new DataPtr(start, whole, Whole.RELEASE, CPU)) {
            Storage mapped = new Storage(BYTES, nbytes, pointer);
            return new UntypedStorage(mapped, mapped, nbytes, true, false);
        } catch (RuntimeException e) {
            throw Ops.failure("from_file", e);
        }
    }

    /** An address in native memory that no pointer owns. */
    private static final class Address extends Pointer {
        Address(long number) {
            this.address = number;
        }
    }

    /** Creates a storage of {@code nbytes} bytes with undefined contents. */
    public static UntypedStorage allocate(long nbytes) {
        if (nbytes < 0) {
            throw new IllegalArgumentException("the size of a storage is " + nbytes + ", but cannot be negative");
        }
        try {
            Modes.apply();
            UntypedStorage made = ofOwned(
                    torch.empty(new long[] {nbytes}, options(DType.UINT8), Ops.memoryFormatOptional(null)), true);
            made.counting = NativeMemory.count(nbytes);
            return made;
        } catch (RuntimeException e) {
            throw Ops.failure("empty", e);
        }
    }

    /**
     * Returns the storage of {@code tensor}.
     *
     * @throws TorchException if the tensor has no storage (a sparse tensor, or one on the meta device), or if it is a lazy
     *     conjugate or negative, whose storage does not contain its values
     */
    public static UntypedStorage of(Tensor tensor) {
        org.bytedeco.pytorch.Tensor handle = tensor.handle();
        if (!handle.has_storage() || handle.is_meta()) {
            throw new TorchException(
                    "a tensor of layout " + tensor.layout() + " on device " + tensor.device() + " has no storage");
        }
        if (handle.is_conj() || handle.is_neg()) {
            throw new TorchException(
                    "the storage of a conjugate or negative view does not contain its values: clone() it first");
        }
        try {
            return ofOwned(new org.bytedeco.pytorch.Tensor(handle), true);
        } catch (RuntimeException e) {
            throw Ops.failure("untyped_storage", e);
        }
    }

    /** Returns a pointer that keeps the bytes even after {@code storage} is closed. */
    private static Pointer alias(UntypedStorage storage) {
        try {
            org.bytedeco.pytorch.Tensor handle =
                    torch.empty(new long[] {0}, options(DType.UINT8), Ops.memoryFormatOptional(null));
            handle.set_(storage.storage);
            return handle;
        } catch (RuntimeException e) {
            throw Ops.failure("set_", e);
        }
    }

    private static UntypedStorage ofOwned(org.bytedeco.pytorch.Tensor holder, boolean counted) {
        Storage storage = holder.storage();
        return new UntypedStorage(holder, storage, storage.nbytes(), holder.is_cpu(), counted);
    }

    /**
     * Returns a part of this storage as a storage of its own. The bytes are not copied, and live as long as the part does.
     *
     * @param offset the offset of the part, in bytes
     * @param length the length of the part, in bytes
     * @throws IndexOutOfBoundsException if the part is not within this storage
     */
    public UntypedStorage slice(long offset, long length) {
        checkRange(offset, length);
        if (!cpu) {
            throw new TorchException("only a storage on the CPU can be sliced; this one is on " + device());
        }
        Whole shared = whole();
        shared.retain();
        try (Pointer start = at(offset);
                DataPtr pointer = new DataPtr(start, shared, Whole.RELEASE, CPU)) {
            Storage piece = new Storage(BYTES, length, pointer);
            return new UntypedStorage(piece, piece, length, true, counted);
        } catch (RuntimeException e) {
            throw Ops.failure("untyped_storage", e);
        }
    }

    // --- properties --------------------------------------------------------------------------------------------

    /** Returns the size in bytes. */
    public long nbytes() {
        return nbytes;
    }

    /** Returns the device. */
    public Device device() {
        check();
        if (cpu) {
            return Device.CPU;
        }
        try (var device = storage.device()) {
            return Device.of(device);
        }
    }

    /**
     * Returns a number that identifies the storage while it lives. Two objects for the same storage return the same number.
     */
    public long id() {
        check();
        try (var impl = storage.unsafeGetStorageImpl()) {
            return impl.address();
        }
    }

    // --- access ------------------------------------------------------------------------------------------------

    /**
     * Returns a buffer over a part of the bytes, in little-endian order, without copying. The memory lives as long as the
     * buffer.
     *
     * @param offset the offset of the part, in bytes
     * @param length the length of the part, in bytes
     * @throws IndexOutOfBoundsException if the part is not within this storage
     */
    public ByteBuffer buffer(long offset, int length) {
        checkBuffer(offset, length);
        if (length == 0) {
            return ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN);
        }
        long number = offset / WINDOW;
        long start = number * WINDOW;
        ByteBuffer bytes = length <= WINDOW
                ? window(number, start, (int) Math.min(2 * WINDOW - 1, nbytes - start))
                : HostBuffers.keeping(alias(this), data(), offset, length);
        int at = length <= WINDOW ? (int) (offset - start) : 0;
        return bytes.slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void checkBuffer(long offset, long length) {
        checkRange(offset, length);
        if (!cpu) {
            throw new TorchException(
                    "only the bytes of a storage on the CPU can be read in place; this one is on " + device());
        }
    }

    /** Implements {@link Doors.Storages#lend}. */
    private ByteBuffer lend(long offset, int length) {
        checkBuffer(offset, length);
        return length == 0
                ? ByteBuffer.allocate(0).order(ByteOrder.LITTLE_ENDIAN)
                : HostView.slice(data(), offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private ByteBuffer window(long number, long start, int length) {
        synchronized (windows) {
            return windows.computeIfAbsent(number, n -> HostBuffers.keeping(alias(this), data(), start, length));
        }
    }

    /**
     * Removes the pages of a part of a mapped file from this process's memory; the next access reads them from the file
     * again. For callers that process a file larger than the memory. Has no effect on a storage that is not a mapped file.
     * <b>Data that was written to the pages is lost</b>, including the whole pages at both ends, so call it only if nothing
     * was written.
     *
     * @param offset the offset of the part, in bytes
     * @param length the length of the part, in bytes
     * @throws IndexOutOfBoundsException if the part is not within this storage
     */
    public void unload(long offset, long length) {
        checkRange(offset, length);
        if (cpu && !counted && length > 0) {
            MappedPages.drop(data().address() + offset, length);
        }
    }

    /**
     * Returns a tensor over these bytes. Writes to the tensor change this storage.
     *
     * @param dtype the dtype of the tensor
     * @param storageOffset the index of its first element, in elements
     * @param size the shape of the tensor
     * @param stride the steps between neighbours, in elements, one for each dimension; not negative
     * @throws IllegalArgumentException if the shape and strides are not valid, or the tensor is not within this storage
     */
    public Tensor tensor(DType dtype, long storageOffset, long[] size, long[] stride) {
        check();
        checkView(dtype, storageOffset, size, stride);
        Modes.apply();
        try {
            org.bytedeco.pytorch.Tensor handle =
                    torch.empty(new long[] {0}, options(dtype), Ops.memoryFormatOptional(null));
            handle.set_(storage, storageOffset, size, stride);
            return counted ? Ops.own(handle) : Ops.ownView(handle);
        } catch (RuntimeException e) {
            throw Ops.failure("set_", e);
        }
    }

    private void checkView(DType dtype, long storageOffset, long[] size, long[] stride) {
        boolean fits = storageOffset >= 0 && size.length == stride.length;
        try {
            long last = storageOffset;
            boolean empty = false;
            for (int i = 0; fits && i < size.length; i++) {
                fits = size[i] >= 0 && stride[i] >= 0;
                empty |= size[i] == 0;
                last = Math.addExact(last, Math.multiplyExact(Math.max(size[i] - 1, 0), stride[i]));
            }
            fits = fits && (empty || last < nbytes / dtype.itemSize());
        } catch (ArithmeticException e) {
            fits = false;
        }
        if (!fits) {
            throw new IllegalArgumentException(
                    "a tensor of shape " + Arrays.toString(size) + ", strides " + Arrays.toString(stride) + ", offset "
                            + storageOffset + " and " + dtype + " does not fit into a storage of " + nbytes + " bytes");
        }
    }

    /** Closes this object. Tensors and parts over the bytes stay valid. */
    @Override
    public void close() {
        synchronized (windows) {
            if (closed) {
                return;
            }
            closed = true;
            windows.clear();
            if (whole != null) {
                whole.run();
            }
        }
        if (isMine()) {
            storage.close();
            holder.close();
            if (counting >= 0) {
                NativeMemory.uncount(nbytes, counting);
            }
        }
    }

    private Whole whole() {
        synchronized (windows) {
            Hold current = whole;
            if (current == null) {
                current = new Hold(Whole.of(alias(this)::close));
                HostBuffers.CLEANER.register(this, current);
                whole = current;
            }
            return current.whole;
        }
    }

    /** A hold on the bytes, released once: by {@link #close}, or when the object is collected. */
    private static final class Hold implements Runnable {
        private final Whole whole;
        private boolean released;

        Hold(Whole whole) {
            this.whole = whole;
        }

        @Override
        public synchronized void run() {
            if (!released) {
                released = true;
                whole.release();
            }
        }
    }

    private Pointer data() {
        Pointer current = data;
        if (current == null) {
            HostBuffers.pin(storage);
            current = storage.data();
            data = current;
        }
        return current;
    }

    /** Returns the address of a byte. For an empty storage, which has none, returns an address that nobody reads from. */
    private Pointer at(long offset) {
        return nbytes == 0 ? new BytePointer(NOWHERE) : new BytePointer(data()).position(offset);
    }

    private void checkRange(long offset, long length) {
        check();
        if (offset < 0 || length < 0 || offset > nbytes - length) {
            throw new IndexOutOfBoundsException(
                    length + " bytes at " + offset + " are outside of a storage of " + nbytes + " bytes");
        }
    }

    private void check() {
        use();
        if (closed) {
            throw new IllegalStateException("this storage is closed");
        }
    }

    private static org.bytedeco.pytorch.TensorOptions options(DType dtype) {
        org.bytedeco.pytorch.TensorOptions current = OPTIONS[dtype.ordinal()];
        if (current == null) {
            current = TensorOptions.of(dtype).device(Device.CPU).handle();
            OPTIONS[dtype.ordinal()] = current;
        }
        return current;
    }

    @Override
    public String toString() {
        return "UntypedStorage(" + nbytes + " bytes)";
    }

    /**
     * The bytes that storages of the engine refer to. They live until the engine has released the last of them. The engine
     * keeps a part by an address; the address of this object is not memory, but a number by which the object is found.
     */
    private static final class Whole extends Pointer {

        private static final ConcurrentHashMap<Long, Whole> LIVE = new ConcurrentHashMap<>();
        private static final AtomicLong NUMBERS = new AtomicLong();

        static final PointerConsumer RELEASE = new PointerConsumer() {
            @Override
            public void call(Pointer context) {
                Whole whole = LIVE.get(context.address());
                if (whole != null) {
                    whole.release();
                }
            }
        };

        private final AtomicLong holds = new AtomicLong(1);
        private final Runnable end;

        private Whole(long number, Runnable end) {
            this.address = number;
            this.end = end;
        }

        /** Creates an object with one hold. {@code end} runs when this and every other hold was released. */
        static Whole of(Runnable end) {
            Whole whole = new Whole(NUMBERS.incrementAndGet(), end);
            LIVE.put(whole.address, whole);
            return whole;
        }

        void retain() {
            holds.incrementAndGet();
        }

        void release() {
            if (holds.decrementAndGet() == 0) {
                LIVE.remove(address);
                end.run();
            }
        }
    }
}

package org.jtorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** Maps files as byte tensors, and creates typed views of byte tensors. Reading a checkpoint consists of these two. */
final class ByteViews {

    private ByteViews() {}

    static Tensor mapFile(Path path) {
        try {
            return mapFile(path, Files.size(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + path + ": " + e.getMessage(), e);
        }
    }

    static Tensor mapFile(Path path, long size) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException(path + " is inside of another file system (" + path.getFileSystem()
                    + "), which cannot be mapped: copy it to a file on the disk first");
        }
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " is negative");
        }
        long length;
        try {
            length = Files.size(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot map " + path + ": " + e.getMessage(), e);
        }
        if (size > length) {
            throw new IllegalArgumentException("cannot map " + size + " bytes of " + path + ", which has " + length);
        }
        Ops.load();
        try {
            if (size == 0) {
                return Ops.own(
                        torch.empty(new long[] {0}, HostArrays.options(DType.UINT8), Ops.memoryFormatOptional(null)));
            }
            try (var shared = new BoolOptional(false);
                    var count = new LongOptional(size)) {
                // the memory is the file's pages and not memory of this process, so it is counted as a view
                return Ops.ownView(torch.from_file(
                        path.toAbsolutePath().toString(), shared, count, HostArrays.options(DType.UINT8)));
            }
        } catch (RuntimeException e) {
            throw Ops.failure("from_file", e);
        }
    }

    static Tensor viewBytes(Tensor bytes, DType dtype, long byteOffset, long[] shape) {
        return viewBytes(bytes, dtype, byteOffset, shape, Shapes.contiguousStrides(shape));
    }

    static Tensor viewBytes(Tensor bytes, DType dtype, long byteOffset, long[] shape, long[] strides) {
        org.bytedeco.pytorch.Tensor handle = bytes.handle();
        if (handle.scalar_type().value != DType.UINT8.scalarType.value
                || handle.dim() != 1
                || !handle.is_contiguous()) {
            throw new IllegalArgumentException(
                    "viewBytes needs a dense uint8 tensor of one dimension, but this one is of "
                            + bytes.dtype() + " with shape " + Arrays.toString(bytes.shape()) + " and strides "
                            + Arrays.toString(bytes.strides()));
        }
        int itemSize = dtype.itemSize();
        long span = Shapes.span(shape, strides);
        long available = handle.numel();
        if (byteOffset < 0 || byteOffset > available || span > (available - byteOffset) / itemSize) {
            throw new IndexOutOfBoundsException("shape " + Arrays.toString(shape) + " with strides "
                    + Arrays.toString(strides)
                    + " of " + dtype + " at byte " + byteOffset + " covers " + span + " elements of " + itemSize
                    + " bytes, but the tensor has " + available + " bytes");
        }
        try {
            long start = handle.storage_offset() + byteOffset;
            if (span == 0) {
                start = 0;
            }
            if (start % itemSize == 0) {
                return Ops.ownView(view(handle, dtype, start / itemSize, shape, strides));
            }
            // the address of an element must be a multiple of its size; if it is not, copy the bytes
            try (var piece = handle.narrow(0, byteOffset, span * itemSize);
                    var copy = piece.clone()) {
                return Ops.own(view(copy, dtype, 0, shape, strides));
            }
        } catch (RuntimeException e) {
            throw Ops.failure("viewBytes", e);
        }
    }

    /** Returns the whole storage of {@code tensor} as bytes. */
    static Tensor storageBytes(Tensor tensor) {
        if (tensor.layout() != Layout.STRIDED) {
            throw new TorchException(
                    "a tensor of layout " + tensor.layout() + " does not have a single storage: call toDense() first");
        }
        try (var storage = tensor.handle().storage()) {
            long size = storage.nbytes();
            return Ops.ownView(view(tensor.handle(), DType.UINT8, 0, new long[] {size}, new long[] {1}));
        } catch (RuntimeException e) {
            throw Ops.failure("untyped_storage", e);
        }
    }

    private static org.bytedeco.pytorch.Tensor view(
            org.bytedeco.pytorch.Tensor base, DType dtype, long offset, long[] shape, long[] strides) {
        org.bytedeco.pytorch.Tensor made;
        if (base.is_cpu()) {
            made = torch.empty(EMPTY, HostArrays.options(dtype), Ops.memoryFormatOptional(null));
        } else {
            try (var device = base.device()) {
                var options = TensorOptions.of(dtype).device(Device.of(device)).handle();
                made = torch.empty(EMPTY, options, Ops.memoryFormatOptional(null));
            }
        }
        try (var storage = base.storage()) {
            return made.set_(storage, offset, shape, strides); // returns the same object, which must not be closed
        } catch (RuntimeException e) {
            made.close();
            throw e;
        }
    }

    private static final long[] EMPTY = {0};
}

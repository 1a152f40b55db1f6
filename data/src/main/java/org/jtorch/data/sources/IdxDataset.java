package org.jtorch.data.sources;

import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jtorch.DType;
import org.jtorch.Tensor;
import org.jtorch.TorchException;
import org.jtorch.data.Dataset;
import org.jtorch.internal.options.Customized;

/**
 * Images and their labels from two IDX files, as MNIST, Fashion-MNIST, KMNIST and EMNIST have them.
 *
 * <p>An example is an image of shape (1, H, W), which shares the memory of {@link #images}, and its label.
 */
public final class IdxDataset implements Dataset<LabeledImage> {

    /** The optional arguments of {@link IdxDataset}. */
    public static final class Options {
        private UnaryOperator<Tensor> transform = UnaryOperator.identity();

        private Options() {}

        /** Sets a function that every image passes through; by default it is returned as it is. */
        public Options transform(UnaryOperator<Tensor> newTransform) {
            transform = Objects.requireNonNull(newTransform, "transform");
            return this;
        }
    }

    private final Tensor images;
    private final Tensor labels;
    private final int size;
    private final UnaryOperator<Tensor> transform;

    /** Reads two files with the default options, as {@link #IdxDataset(Path, Path, Consumer)}. */
    public IdxDataset(Path images, Path labels) {
        this(images, labels, o -> {});
    }

    /**
     * Reads two files.
     *
     * @param images an IDX file of uint8, of shape (N, H, W)
     * @param labels an IDX file of uint8, of shape (N)
     * @param options sets the optional arguments
     * @throws TorchException if a file is not IDX, or has another shape or dtype
     * @throws java.io.UncheckedIOException if a file cannot be read
     */
    public IdxDataset(Path images, Path labels, Consumer<Options> options) {
        transform = Customized.of(new Options(), options).transform;
        Tensor pixels = read(images, 3, "(N, H, W)");
        Tensor classes = read(labels, 1, "(N)");
        if (pixels.size(0) != classes.size(0)) {
            throw new TorchException(images + " has " + pixels.size(0) + " images, but " + labels + " has "
                    + classes.size(0) + " labels");
        }
        this.images = pixels.unscoped();
        this.labels = classes.to(DType.INT64).unscoped();
        size = Math.toIntExact(pixels.size(0));
    }

    private static Tensor read(Path path, int dimensions, String shape) {
        Tensor tensor = Idx.read(path);
        if (tensor.dtype() != DType.UINT8 || tensor.dim() != dimensions) {
            throw new TorchException(path + ": must be uint8 of shape " + shape + ", but is " + tensor.dtype()
                    + " with " + tensor.dim() + " dimensions");
        }
        return tensor;
    }

    /** Returns all images: uint8, of shape (N, H, W). */
    public Tensor images() {
        return images;
    }

    /** Returns all labels: int64, of shape (N). */
    public Tensor labels() {
        return labels;
    }

    /**
     * Returns the image at {@code index} with its label.
     *
     * @throws IndexOutOfBoundsException if there is no such image
     */
    @Override
    public LabeledImage get(int index) {
        Objects.checkIndex(index, size);
        return new LabeledImage(transform.apply(images.select(0, index).unsqueeze(0)), labels.select(0, index));
    }

    @Override
    public int size() {
        return size;
    }
}

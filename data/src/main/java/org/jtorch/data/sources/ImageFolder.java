package org.jtorch.data.sources;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.TorchException;
import org.jtorch.data.Dataset;
import org.jtorch.internal.options.Customized;

/**
 * Images in one folder for each class.
 *
 * <pre>
 * root/cat/1.png
 * root/cat/more/2.jpg
 * root/dog/3.png
 * </pre>
 *
 * <p>The classes are the names of the folders in the order of their code points, so {@code cat} is 0 and {@code dog} is 1. The
 * images have torchvision's order: by class, then by folder, then by name. They are found when the dataset is made, and read
 * when they are asked for, as {@link Images#read} describes.
 *
 * @see <a href="https://pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html">torchvision.datasets.ImageFolder</a>
 */
public final class ImageFolder implements Dataset<LabeledImage> {

    /** The order of Python's strings. */
    private static final Comparator<String> BY_CODE_POINTS =
            (a, b) -> Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());

    /** The optional arguments of {@link ImageFolder}. */
    public static final class Options {
        private List<String> extensions =
                List.of(".jpg", ".jpeg", ".png", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp");
        private UnaryOperator<Tensor> transform = UnaryOperator.identity();
        private boolean allowEmpty;

        private Options() {}

        /**
         * Sets the ends of the names of images, in lower case; capital letters in the names of files make no difference. The
         * default is torchvision's list: {@code .jpg}, {@code .jpeg}, {@code .png}, {@code .ppm}, {@code .bmp}, {@code .pgm},
         * {@code .tif}, {@code .tiff}, {@code .webp}.
         */
        public Options extensions(String... newExtensions) {
            extensions = List.of(newExtensions);
            return this;
        }

        /** Sets a function that every image passes through after it was read; by default it is returned as it is. */
        public Options transform(UnaryOperator<Tensor> newTransform) {
            transform = Objects.requireNonNull(newTransform, "transform");
            return this;
        }

        /** Sets whether a class may have no image; the default is false. */
        public Options allowEmpty(boolean newAllowEmpty) {
            allowEmpty = newAllowEmpty;
            return this;
        }
    }

    /**
     * A file and its class.
     *
     * @param path the image's file
     * @param classIndex the index of the class
     */
    public record Sample(Path path, int classIndex) {}

    private final List<String> classes;
    private final Map<String, Integer> classToIdx = new LinkedHashMap<>();
    private final List<Sample> samples = new ArrayList<>();
    private final UnaryOperator<Tensor> transform;

    /** Finds the images of a folder with the default options, as {@link #ImageFolder(Path, Consumer)}. */
    public ImageFolder(Path root) {
        this(root, o -> {});
    }

    /**
     * Finds the images of a folder.
     *
     * @param root the folder that has one folder for each class
     * @param options sets the optional arguments
     * @throws TorchException if there is no folder in {@code root}, or a class has no image and may not be empty
     * @throws java.io.UncheckedIOException if a folder does not exist or cannot be read
     */
    public ImageFolder(Path root, Consumer<Options> options) {
        Options o = Customized.of(new Options(), options);
        transform = o.transform;
        try {
            classes = findClasses(root);
            Set<String> empty = new TreeSet<>(BY_CODE_POINTS);
            for (String name : classes) {
                int before = samples.size();
                classToIdx.put(name, classToIdx.size());
                addSamples(root.resolve(name), classToIdx.size() - 1, o.extensions);
                if (samples.size() == before) {
                    empty.add(name);
                }
            }
            if (!empty.isEmpty() && !o.allowEmpty) {
                throw new TorchException("Found no valid file for the classes " + String.join(", ", empty)
                        + ". Supported extensions are: " + String.join(", ", o.extensions));
            }
        } catch (IOException e) {
            throw TextFiles.failure(root, e);
        }
    }

    private static List<String> findClasses(Path root) throws IOException {
        try (Stream<Path> entries = Files.list(root)) {
            List<String> found = entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted(BY_CODE_POINTS)
                    .toList();
            if (found.isEmpty()) {
                throw new TorchException("Couldn't find any class folder in " + root + ".");
            }
            return found;
        }
    }

    private void addSamples(Path folder, int classIndex, List<String> extensions) throws IOException {
        Comparator<Path> byFolder = Comparator.comparing(file -> name(folder, file.resolveSibling("")), BY_CODE_POINTS);
        try (Stream<Path> found = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            found.filter(file -> !Files.isDirectory(file))
                    .filter(file ->
                            extensions.stream().anyMatch(end -> lowerName(file).endsWith(end)))
                    .sorted(byFolder.thenComparing(file -> file.getFileName().toString(), BY_CODE_POINTS))
                    .forEach(file -> samples.add(new Sample(file, classIndex)));
        } catch (java.io.UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String name(Path root, Path folder) {
        return root.relativize(folder).toString().replace('\\', '/');
    }

    private static String lowerName(Path file) {
        return file.getFileName().toString().toLowerCase(Locale.ROOT);
    }

    /** Returns the names of the classes in the order of their indices. */
    public List<String> classes() {
        return classes;
    }

    /** Returns the index of each class. */
    public Map<String, Integer> classToIdx() {
        return Map.copyOf(classToIdx);
    }

    /** Returns the files with their classes, in the order of the examples. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    /**
     * Reads the image at {@code index}.
     *
     * @throws IndexOutOfBoundsException if there is no such image
     * @throws TorchException if the file is not an image that can be read
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    @Override
    public LabeledImage get(int index) {
        Sample sample = samples.get(index);
        return new LabeledImage(transform.apply(Images.read(sample.path())), Torch.tensor((long) sample.classIndex()));
    }

    @Override
    public int size() {
        return samples.size();
    }
}

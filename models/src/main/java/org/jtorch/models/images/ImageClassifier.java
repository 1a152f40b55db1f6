package org.jtorch.models.images;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.TensorScope;
import org.jtorch.models.Pretrained;
import org.jtorch.models.classification.Classification;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.PretrainedModel;
import org.jtorch.nn.Parameter;

/**
 * Says to which class an image belongs. It computes what the pipeline {@code image-classification} of {@code transformers}
 * computes from the same folder, with the processor that uses Pillow; of a model for regression it gives the numbers as they
 * are. Several threads may use it.
 *
 * <pre>{@code
 * ImageClassifier classifier = ImageClassifier.load(Path.of("vit-base-patch16-224"));
 * Classification result = classifier.classify(Path.of("cat.jpg"));
 * System.out.println(result.label() + " " + result.score());
 * }</pre>
 */
public final class ImageClassifier {

    private static final String HEAD = "ForImageClassification";
    private static final String TORCHVISION = "torchvision_";

    private final PretrainedModel<?, Tensor, Tensor> model;
    private final ImageProcessor processor;
    private final int batchSize;

    /** The names of the classes, or null if only their number is known, which the model gives. */
    private final @Nullable List<String> labels;

    private ImageClassifier(
            PretrainedModel<?, Tensor, Tensor> model, ImageProcessor processor, ImageClassifierOptions options) {
        this.model = model;
        this.processor = processor;
        batchSize = options.batchSize;
        boolean isNamed = model.config().values().get("id2label") != null;
        labels = options.labels != null
                ? options.labels
                : isNamed ? model.config().labels() : null;
    }

    /** Reads a folder with the default options; see {@link #load(Path, Consumer)}. */
    public static ImageClassifier load(Path folder) {
        return load(folder, o -> {});
    }

    /**
     * Reads a folder with a model whose architecture ends with {@code ForImageClassification}, or with one of torchvision that
     * {@link PretrainedModel#savePretrained(Path)} wrote.
     *
     * @param folder the folder
     * @param options sets the optional arguments
     * @return the classifier
     * @throws ConfigException if the folder has another kind of model, or asks for something that is not computed
     * @throws org.jtorch.serialize.format.CheckpointException if weights are missing or damaged
     */
    @SuppressWarnings("unchecked") // all these models have these types
    public static ImageClassifier load(Path folder, Consumer<? super ImageClassifierOptions> options) {
        ImageClassifierOptions chosen = new ImageClassifierOptions();
        options.accept(chosen);
        PretrainedModel<?, ?, ?> model = Pretrained.load(folder, chosen.model);
        boolean isOfTorchvision = model.config().modelType().startsWith(TORCHVISION);
        if (!isOfTorchvision && !model.getClass().getSimpleName().endsWith(HEAD)) {
            throw new ConfigException("the model in " + folder + " is a "
                    + model.getClass().getSimpleName()
                    + ", but a classifier of images must be one of torchvision or one"
                    + " whose name ends with " + HEAD);
        }
        ImageProcessor processor = chosen.processor != null
                ? chosen.processor
                : isOfTorchvision && !ImageProcessor.isIn(folder)
                        ? ImageProcessor.torchvision()
                        : ImageProcessor.fromPretrained(folder);
        return new ImageClassifier((PretrainedModel<?, Tensor, Tensor>) model, processor, chosen);
    }

    /**
     * Classifies the image in a file, which is turned as its EXIF says; see {@link RgbImage#readUpright}.
     *
     * @throws org.jtorch.TorchException if the file is not an image that can be read
     * @throws java.io.UncheckedIOException if the file cannot be read
     */
    public Classification classify(Path file) {
        return classify(RgbImage.readUpright(file));
    }

    /** Classifies an image. */
    public Classification classify(RgbImage image) {
        return classifyAll(List.of(image)).get(0);
    }

    /** Classifies images, and returns the results in their order. */
    public List<Classification> classifyAll(List<RgbImage> images) {
        List<Classification> results = new ArrayList<>();
        for (int from = 0; from < images.size(); from += batchSize) {
            results.addAll(compute(images.subList(from, Math.min(from + batchSize, images.size()))));
        }
        return results;
    }

    private List<Classification> compute(List<RgbImage> images) {
        try (TensorScope scope = new TensorScope()) {
            Parameter like = model.parameters().get(0);
            Tensor pixels = processor.call(images).to(like.device()).to(like.dtype());
            Tensor logits = model.infer(pixels);
            return Classification.of(logits, model.config(), labels != null ? labels : numbered(logits.size(1)));
        }
    }

    private static List<String> numbered(long classes) {
        return IntStream.range(0, Math.toIntExact(classes))
                .mapToObj(i -> "LABEL_" + i)
                .toList();
    }

    /**
     * Writes the model, and what makes images its input, into a folder, from which they can be read again, here and in Python. A transform
     * of torchvision is not written: {@link #load(Path)} takes the default one for a model of torchvision, and another one is given again
     * with {@link ImageClassifierOptions#processor}. Nor are names of classes that were given as {@link ImageClassifierOptions#labels}.
     *
     * @param folder the folder; it is made if it is not there
     * @throws org.jtorch.serialize.format.CheckpointException if a file cannot be written
     */
    public void savePretrained(Path folder) {
        model.savePretrained(folder);
        if (!processor.isOfTorchvision()) {
            processor.savePretrained(folder);
        }
    }

    /** Returns the model, which can be trained further. */
    public PretrainedModel<?, Tensor, Tensor> model() {
        return model;
    }

    /** Returns what makes images the input of the model. */
    public ImageProcessor processor() {
        return processor;
    }
}

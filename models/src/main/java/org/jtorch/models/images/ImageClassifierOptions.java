package org.jtorch.models.images;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.PretrainedOptions;

/** The optional arguments with which a classifier of images is read. */
public final class ImageClassifierOptions {

    Consumer<? super PretrainedOptions> model = o -> {};
    int batchSize = 32;

    @Nullable
    ImageProcessor processor;

    @Nullable
    List<String> labels;

    ImageClassifierOptions() {}

    /**
     * Sets what makes images the input of the model. The default is that of the folder's {@code preprocessor_config.json}; for
     * a model of torchvision without one, {@link ImageProcessor#torchvision()}.
     */
    public ImageClassifierOptions processor(ImageProcessor newProcessor) {
        processor = newProcessor;
        return this;
    }

    /**
     * Sets the names of the classes in the order of the model. The default is what {@code config.json} says in
     * {@code id2label}, or {@code LABEL_0}, {@code LABEL_1}, ….
     */
    public ImageClassifierOptions labels(List<String> names) {
        labels = List.copyOf(names);
        return this;
    }

    /** Sets how the weights are read: their dtype, device and so on. */
    public ImageClassifierOptions model(Consumer<? super PretrainedOptions> options) {
        model = options;
        return this;
    }

    /** Sets the greatest number of images that are computed at once; the default is 32. */
    public ImageClassifierOptions batchSize(int images) {
        if (images < 1) {
            throw new IllegalArgumentException("batchSize is " + images + ", but it must be at least 1");
        }
        batchSize = images;
        return this;
    }
}

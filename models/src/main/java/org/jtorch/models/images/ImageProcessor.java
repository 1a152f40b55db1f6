package org.jtorch.models.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.jtorch.Tensor;
import org.jtorch.Torch;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;
import org.jtorch.serialize.format.CheckpointException;

/**
 * Makes images the input of a model: resizes them, cuts the middle out, and normalizes the values. Several threads may use it.
 *
 * <pre>{@code
 * ImageProcessor processor = ImageProcessor.fromPretrained(Path.of("vit-base-patch16-224"));
 * Tensor pixels = processor.call(RgbImage.read(Path.of("cat.png")));   // (1, 3, 224, 224)
 * }</pre>
 */
public final class ImageProcessor {

    private static final String FILE = "preprocessor_config.json";

    private final UnaryOperator<RgbImage> resizeAndCrop;

    /** What becomes of the values 0 to 255 in each channel. */
    private final float[][] levels;

    /** What the file says; null for a transform of torchvision. */
    private final @Nullable Map<String, @Nullable Object> file;

    private ImageProcessor(
            UnaryOperator<RgbImage> resizeAndCrop, float[][] levels, @Nullable Map<String, @Nullable Object> file) {
        this.resizeAndCrop = resizeAndCrop;
        this.levels = levels;
        this.file = file;
    }

    /**
     * Reads the processor of a folder of {@code transformers} from {@code preprocessor_config.json}. The known ones are those
     * of ViT, ViT hybrid, DeiT, BiT (and so DINOv2), CLIP, SigLIP, ConvNeXT and EfficientNet.
     *
     * <p>The values equal those of the processors that use Pillow, in Python those with {@code backend="pil"}. Python's
     * processors that use torchvision, whose names end with {@code Fast} in older files, resize tensors, and may differ from
     * them by a level or two of 255. This class treats both names alike.
     *
     * @param folder a folder with {@code preprocessor_config.json}; if it does not name the processor, also with
     *     {@code config.json}
     * @throws ConfigException if the file cannot be read, names another processor, or asks for something that is not computed
     */
    public static ImageProcessor fromPretrained(Path folder) {
        String modelType = null;
        if (Files.exists(folder.resolve("config.json"))
                && ModelConfig.read(folder).get("model_type") instanceof String type) {
            modelType = type;
        }
        Map<String, @Nullable Object> file = ModelConfig.read(folder.resolve(FILE));
        ImageProcessorConfig config = new ImageProcessorConfig(file, modelType);
        return new ImageProcessor(
                image -> {
                    RgbImage resized = config.size == null ? image : config.size.resize(image, config.resample);
                    return config.cropSize == null
                            ? resized
                            : CenterCrop.ofTransformers(resized, config.cropSize.height(), config.cropSize.width());
                },
                levels(config),
                file);
    }

    private static float[][] levels(ImageProcessorConfig config) {
        float[][] levels = new float[RgbImage.CHANNELS][256];
        for (int c = 0; c < levels.length; c++) {
            float mean = config.imageMean.get(c).floatValue();
            float std = config.imageStd.get(c).floatValue();
            for (int i = 0; i < 256; i++) {
                float value = config.rescaleFactor == null ? i : (float) (i * config.rescaleFactor);
                value = config.rescaleOffset ? value - 1 : value;
                value = config.doNormalize ? (value - mean) / std : value;
                levels[c][i] = config.includeTop ? value / std : value;
            }
        }
        return levels;
    }

    /** Returns whether a folder has a {@code preprocessor_config.json}. */
    static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /** Returns torchvision's transform with its defaults, those of {@code ResNet50_Weights.IMAGENET1K_V1}. */
    public static ImageProcessor torchvision() {
        return torchvision(o -> {});
    }

    /**
     * Returns torchvision's transform for images, {@code torchvision.transforms._presets.ImageClassification}, which every
     * {@code weights.transforms()} of a classifier is: the shorter side becomes {@code resizeSize}, the middle is cut out, the
     * values are divided by 255, and normalized. The values equal those that Python computes of an image of Pillow.
     *
     * @param options sets the optional arguments, as the documentation of the weights says them
     */
    public static ImageProcessor torchvision(Consumer<? super TorchvisionOptions> options) {
        TorchvisionOptions chosen = new TorchvisionOptions();
        options.accept(chosen);
        ImageSize size = new ImageSize.ShortestEdge(chosen.resizeSize);
        int crop = chosen.cropSize;
        Resampling interpolation = chosen.interpolation;
        float[][] levels = new float[RgbImage.CHANNELS][256];
        for (int c = 0; c < levels.length; c++) {
            for (int i = 0; i < 256; i++) {
                levels[c][i] = (i / 255f - (float) chosen.mean[c]) / (float) chosen.std[c];
            }
        }
        return new ImageProcessor(
                image -> CenterCrop.ofTorchvision(size.resize(image, interpolation), crop, crop), levels, null);
    }

    /**
     * Writes {@code preprocessor_config.json} as it was read, so that the folder can be read again, here and in Python.
     *
     * @param folder the folder; it is made if it is not there
     * @throws IllegalStateException if this is a transform of torchvision, for which there is no such file
     * @throws CheckpointException if the file cannot be written
     */
    public void savePretrained(Path folder) {
        if (file == null) {
            throw new IllegalStateException("a transform of torchvision cannot be written as " + FILE
                    + ": make it in the program, and give it to the classifier with o.processor(...)");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new CheckpointException(folder + " cannot be made: " + e, e);
        }
        ModelConfig.write(folder.resolve(FILE), file);
    }

    /** Returns whether this is a transform of torchvision, which is not written to a folder. */
    boolean isOfTorchvision() {
        return file == null;
    }

    /**
     * Returns what a model sees of an image.
     *
     * @param image the image
     * @return float32, of shape (1, 3, height, width)
     */
    public Tensor call(RgbImage image) {
        RgbImage seen = resizeAndCrop(image);
        byte[] planes = seen.planes();
        float[] values = new float[planes.length];
        int plane = planes.length / RgbImage.CHANNELS;
        for (int c = 0; c < RgbImage.CHANNELS; c++) {
            float[] of = levels[c];
            for (int i = c * plane; i < (c + 1) * plane; i++) {
                values[i] = of[planes[i] & 0xff];
            }
        }
        return Torch.tensor(values, 1, RgbImage.CHANNELS, seen.height(), seen.width());
    }

    /**
     * Returns what a model sees of images.
     *
     * @param images the images, at least one
     * @return float32, of shape (N, 3, height, width)
     * @throws IllegalArgumentException if there is no image, or if they have different sizes after they were resized and
     *     cropped
     */
    public Tensor call(List<RgbImage> images) {
        if (images.isEmpty()) {
            throw new IllegalArgumentException("there are no images: give at least one");
        }
        List<Tensor> all = images.stream().map(this::call).toList();
        for (Tensor each : all) {
            if (!Arrays.equals(each.shape(), all.get(0).shape())) {
                throw new IllegalArgumentException("after they were resized, an image is of shape "
                        + Arrays.toString(each.shape()) + " and another one of "
                        + Arrays.toString(all.get(0).shape())
                        + ": this processor does not crop, so give it images of the same size, or one at a time");
            }
        }
        return Torch.cat(all, 0);
    }

    /** Returns the pixels that a model sees of an image, before they are normalized. */
    public RgbImage resizeAndCrop(RgbImage image) {
        return resizeAndCrop.apply(image);
    }

    /** The optional arguments of torchvision's transform, with its names. */
    public static final class TorchvisionOptions {

        private int resizeSize = 256;
        private int cropSize = 224;
        private Resampling interpolation = Resampling.BILINEAR;
        private double[] mean = {0.485, 0.456, 0.406};
        private double[] std = {0.229, 0.224, 0.225};

        private TorchvisionOptions() {}

        /** Sets the length of the shorter side after the image was resized; the default is 256. */
        public TorchvisionOptions resizeSize(int pixels) {
            resizeSize = atLeastOne("resizeSize", pixels);
            return this;
        }

        /** Sets the height and the width of the part that is cut out; the default is 224. */
        public TorchvisionOptions cropSize(int pixels) {
            cropSize = atLeastOne("cropSize", pixels);
            return this;
        }

        /** Sets how pixels are joined; the default is {@link Resampling#BILINEAR}. */
        public TorchvisionOptions interpolation(Resampling filter) {
            interpolation = filter;
            return this;
        }

        /** Sets what is subtracted from red, green and blue between 0 and 1; the default is the mean of ImageNet. */
        public TorchvisionOptions mean(double red, double green, double blue) {
            mean = new double[] {red, green, blue};
            return this;
        }

        /** Sets by what red, green and blue are divided then; the default is the standard deviation of ImageNet. */
        public TorchvisionOptions std(double red, double green, double blue) {
            if (red == 0 || green == 0 || blue == 0) {
                throw new IllegalArgumentException(
                        "std is " + red + ", " + green + ", " + blue + ", but none of them must be 0");
            }
            std = new double[] {red, green, blue};
            return this;
        }

        private static int atLeastOne(String name, int pixels) {
            if (pixels < 1) {
                throw new IllegalArgumentException(name + " is " + pixels + ", but it must be at least 1");
            }
            return pixels;
        }
    }
}

package org.jtorch.models.images;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ModelConfig;

/** What {@code preprocessor_config.json} contains, with the defaults of the image processor that it names. */
final class ImageProcessorConfig extends ModelConfig {

    private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

    /**
     * The defaults of a processor.
     *
     * @param isSquare whether a size of one number is that of both sides, and not of the shorter one
     * @param cropSize the size of the crop, of which both sides are equal; 0 if there is none
     * @param centerCrop whether the image is cropped
     */
    private record Defaults(
            Resampling resample,
            List<Double> mean,
            List<Double> std,
            ImageSize size,
            boolean isSquare,
            int cropSize,
            boolean centerCrop) {}

    private static final Defaults CLIP =
            new Defaults(Resampling.BICUBIC, CLIP_MEAN, CLIP_STD, new ImageSize.ShortestEdge(224), false, 224, true);

    private static final String CONVNEXT = "ConvNextImageProcessor";
    private static final String EFFICIENTNET = "EfficientNetImageProcessor";

    private static final Map<String, Defaults> PROCESSORS = new TreeMap<>(Map.of(
            "ViTImageProcessor",
            new Defaults(Resampling.BILINEAR, HALF, HALF, new ImageSize.Exact(224, 224), true, 0, false),
            "DeiTImageProcessor",
            new Defaults(Resampling.BICUBIC, HALF, HALF, new ImageSize.Exact(256, 256), true, 224, true),
            "SiglipImageProcessor",
            new Defaults(Resampling.BICUBIC, HALF, HALF, new ImageSize.Exact(224, 224), false, 0, false),
            CONVNEXT,
            new Defaults(Resampling.BICUBIC, HALF, HALF, new ImageSize.ShortestEdge(384), false, 0, false),
            EFFICIENTNET,
            new Defaults(Resampling.BICUBIC, HALF, HALF, new ImageSize.Exact(346, 346), true, 289, false),
            "CLIPImageProcessor",
            CLIP,
            "BitImageProcessor",
            CLIP,
            "ViTHybridImageProcessor",
            CLIP));

    /** The processors of models that do not name theirs, by the type of the model. */
    private static final Map<String, String> OF_MODELS =
            Map.of("vit", "ViTImageProcessor", "dinov2", "BitImageProcessor");

    final String processor;

    /** The size to which images are resized, or null if they are not. */
    final @Nullable ImageSize size;

    final Resampling resample;

    /** The size of the crop, or null if images are not cropped. */
    final ImageSize.@Nullable Exact cropSize;

    /** The factor of the values, or null if they stay from 0 to 255. */
    final @Nullable Double rescaleFactor;

    /** Whether 1 is subtracted after the values were rescaled. */
    final boolean rescaleOffset;

    final boolean doNormalize;
    final List<Double> imageMean;
    final List<Double> imageStd;

    /** Whether values are divided by the standard deviation once more. */
    final boolean includeTop;

    /**
     * Creates a configuration.
     *
     * @param values the values in the file
     * @param modelType the type of the model, which names the processor if the file does not; null if it is not known
     */
    ImageProcessorConfig(Map<String, ? extends @Nullable Object> values, @Nullable String modelType) {
        super("image_processor", values);
        processor = processor(modelType);
        Defaults defaults = PROCESSORS.get(processor);
        if (defaults == null) {
            throw new ConfigException("the images are for " + processor + ", which is none of " + PROCESSORS.keySet());
        }
        resample = resampling((int) integer("resample", defaults.resample.code()));
        boolean isSquare = flag("default_to_square", defaults.isSquare);
        size = flag("do_resize", true) ? resized(defaults, isSquare) : null;
        cropSize = flag("do_center_crop", defaults.centerCrop) ? cropSize(defaults) : null;
        double factor = number("rescale_factor", 1.0 / 255);
        rescaleFactor = flag("do_rescale", true) ? (Double) factor : null;
        doNormalize = flag("do_normalize", true);
        imageMean = channels("image_mean", defaults.mean);
        imageStd = channels("image_std", defaults.std);
        boolean isEfficientNet = processor.equals(EFFICIENTNET);
        rescaleOffset = isEfficientNet && flag("rescale_offset", false);
        includeTop = isEfficientNet && flag("include_top", true);
        only("do_pad", false);
        only("data_format", "channels_first");
        ignore(
                "size", // if images are not resized
                "crop_size",
                "do_convert_rgb", // an RgbImage is converted
                "pad_size",
                "input_data_format",
                "return_tensors",
                "device",
                "disable_grouping",
                "image_seq_length",
                "processor_class",
                "_processor_class",
                "_valid_processor_keys",
                "_valid_kwargs_names",
                "model_input_names",
                "image_processor_type",
                "feature_extractor_type",
                "crop_pct", // of other processors, as the next ones
                "rescale_offset",
                "include_top");
        refuseUnknown();
    }

    private String processor(@Nullable String modelType) {
        String name = has("image_processor_type")
                ? text("image_processor_type", "")
                : text("feature_extractor_type", "").replace("FeatureExtractor", "ImageProcessor");
        if (name.isEmpty()) {
            String known = modelType == null ? null : OF_MODELS.get(modelType);
            if (known == null) {
                throw new ConfigException(
                        "the configuration of the images has no image_processor_type, and the model is "
                                + (modelType == null ? "not known" : "of type '" + modelType + "'")
                                + ": add one of " + PROCESSORS.keySet());
            }
            return known;
        }
        return name.replaceFirst("(Fast|Pil)$", "");
    }

    private static Resampling resampling(int code) {
        for (Resampling each : Resampling.values()) {
            if (each.code() == code) {
                return each;
            }
        }
        throw new ConfigException("the configuration has resample = " + code + ", but it must be from 0 to 5");
    }

    // --- sizes -------------------------------------------------------------------------------------------------

    private ImageSize resized(Defaults defaults, boolean isSquare) {
        ImageSize resized = has("size") ? size("size", isSquare) : defaults.size;
        if (!processor.equals(CONVNEXT)) {
            return resized;
        }
        if (resized instanceof ImageSize.ShortestEdge edge) {
            return new ImageSize.ConvNext(edge.length(), number("crop_pct", 224.0 / 256));
        }
        throw wrongSize("size", "a number, or have shortest_edge, since it is that of a " + CONVNEXT);
    }

    private ImageSize.Exact cropSize(Defaults defaults) {
        if (!has("crop_size") && defaults.cropSize == 0) {
            throw new ConfigException("the configuration has do_center_crop = true, but no crop_size");
        }
        ImageSize crop =
                has("crop_size") ? size("crop_size", true) : new ImageSize.Exact(defaults.cropSize, defaults.cropSize);
        if (crop instanceof ImageSize.Exact exact) {
            return exact;
        }
        throw wrongSize("crop_size", "a number, or have a height and a width");
    }

    /** Reads a number, a height and a width, or the length of the shorter side. */
    private ImageSize size(String key, boolean isSquare) {
        Object value = values().get(key);
        if (value instanceof List<?>) {
            List<Long> pair = pair(key, 0);
            return new ImageSize.Exact(pixels(key, pair.get(0)), pixels(key, pair.get(1)));
        }
        if (value instanceof Map<?, ?>) {
            Map<String, @Nullable Object> sides = object(key);
            sides.values().removeAll(Collections.singleton(null));
            if (sides.keySet().equals(Set.of("height", "width"))) {
                return new ImageSize.Exact(pixels(key, sides.get("height")), pixels(key, sides.get("width")));
            }
            if (sides.keySet().equals(Set.of("shortest_edge"))) {
                return new ImageSize.ShortestEdge(pixels(key, sides.get("shortest_edge")));
            }
            throw wrongSize(key, "a number, or have either height and width or shortest_edge");
        }
        int length = pixels(key, integer(key, 0));
        return isSquare ? new ImageSize.Exact(length, length) : new ImageSize.ShortestEdge(length);
    }

    private int pixels(String key, @Nullable Object value) {
        if ((value instanceof Integer || value instanceof Long)
                && ((Number) value).longValue() > 0
                && ((Number) value).longValue() < Short.MAX_VALUE) {
            return ((Number) value).intValue();
        }
        throw wrongSize(key, "of numbers of pixels, from 1 to " + (Short.MAX_VALUE - 1));
    }

    private ConfigException wrongSize(String key, String need) {
        return new ConfigException(
                "the configuration has " + key + " = " + values().get(key) + ", but it must be " + need);
    }

    private List<Double> channels(String key, List<Double> standard) {
        if (values().get(key) instanceof Number) {
            double all = number(key, 0);
            return List.of(all, all, all);
        }
        List<Double> numbers = numbers(key, standard.toArray(Double[]::new));
        if (numbers.size() != RgbImage.CHANNELS) {
            throw wrongSize(key, "one number for each of red, green and blue");
        }
        return numbers;
    }
}

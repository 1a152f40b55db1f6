package org.jtorch.models.vision;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The optional arguments of the models that have a name of their own, such as {@code ResNet.resnet50(o -> o.numClasses(10))}. */
public final class VariantOptions {

    private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

    private VariantOptions() {}

    /** Sets the number of classes; the default is 1000, those of ImageNet. */
    public VariantOptions numClasses(int newNumClasses) {
        return set("num_classes", newNumClasses);
    }

    /** Sets another value of the configuration, by its name in {@code config.json}. */
    public VariantOptions set(String key, Object value) {
        values.put(key, value);
        return this;
    }

    /** Returns the values of a variant with those that {@code options} sets. */
    public static Map<String, @Nullable Object> apply(
            Map<String, ? extends @Nullable Object> variant, Consumer<? super VariantOptions> options) {
        VariantOptions chosen = new VariantOptions();
        options.accept(chosen);
        Map<String, @Nullable Object> all = new LinkedHashMap<>(variant);
        all.putAll(chosen.values);
        return all;
    }
}

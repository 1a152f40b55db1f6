package org.jtorch.models.mobilenetv3;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of MobileNet V3: the arguments of torchvision's {@code MobileNetV3}, by default those of the large model. */
public final class MobileNetV3Config extends ModelConfig {

    static final List<List<?>> LARGE = List.of(
            List.of(16, 3, 16, 16, false, "RE", 1, 1),
            List.of(16, 3, 64, 24, false, "RE", 2, 1),
            List.of(24, 3, 72, 24, false, "RE", 1, 1),
            List.of(24, 5, 72, 40, true, "RE", 2, 1),
            List.of(40, 5, 120, 40, true, "RE", 1, 1),
            List.of(40, 5, 120, 40, true, "RE", 1, 1),
            List.of(40, 3, 240, 80, false, "HS", 2, 1),
            List.of(80, 3, 200, 80, false, "HS", 1, 1),
            List.of(80, 3, 184, 80, false, "HS", 1, 1),
            List.of(80, 3, 184, 80, false, "HS", 1, 1),
            List.of(80, 3, 480, 112, true, "HS", 1, 1),
            List.of(112, 3, 672, 112, true, "HS", 1, 1),
            List.of(112, 5, 672, 160, true, "HS", 2, 1),
            List.of(160, 5, 960, 160, true, "HS", 1, 1),
            List.of(160, 5, 960, 160, true, "HS", 1, 1));

    static final List<List<?>> SMALL = List.of(
            List.of(16, 3, 16, 16, true, "RE", 2, 1),
            List.of(16, 3, 72, 24, false, "RE", 2, 1),
            List.of(24, 3, 88, 24, false, "RE", 1, 1),
            List.of(24, 5, 96, 40, true, "HS", 2, 1),
            List.of(40, 5, 240, 40, true, "HS", 1, 1),
            List.of(40, 5, 240, 40, true, "HS", 1, 1),
            List.of(40, 5, 120, 48, true, "HS", 1, 1),
            List.of(48, 5, 144, 48, true, "HS", 1, 1),
            List.of(48, 5, 288, 96, true, "HS", 2, 1),
            List.of(96, 5, 576, 96, true, "HS", 1, 1),
            List.of(96, 5, 576, 96, true, "HS", 1, 1));

    /**
     * Rows of: the channels of the input, the size of the kernel, the channels inside, the channels of the output, whether channels are
     * scaled, {@code RE} or {@code HS} for the activation, the stride, the dilation.
     */
    public final List<ConfigRow> invertedResidualSetting = rows("inverted_residual_setting", 8, LARGE);

    public final long lastChannel = integer("last_channel", 1280);
    public final long numClasses = integer("num_classes", 1000);
    public final double dropout = number("dropout", 0.2);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public MobileNetV3Config(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_mobilenet_v3", values);
        refuseUnknown();
    }
}

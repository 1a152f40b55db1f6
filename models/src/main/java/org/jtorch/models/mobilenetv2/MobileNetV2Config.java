package org.jtorch.models.mobilenetv2;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of MobileNet V2: the arguments of torchvision's {@code MobileNetV2}. */
public final class MobileNetV2Config extends ModelConfig {

    public final long numClasses = integer("num_classes", 1000);
    public final double widthMult = number("width_mult", 1.0);

    /** Rows of: how many times more channels are inside a block, the channels after it, the number of blocks, the stride. */
    public final List<ConfigRow> invertedResidualSetting = rows(
            "inverted_residual_setting",
            4,
            List.of(
                    List.of(1, 16, 1, 1),
                    List.of(6, 24, 2, 2),
                    List.of(6, 32, 3, 2),
                    List.of(6, 64, 4, 2),
                    List.of(6, 96, 3, 1),
                    List.of(6, 160, 3, 2),
                    List.of(6, 320, 1, 1)));

    public final long roundNearest = integer("round_nearest", 8);
    public final double dropout = number("dropout", 0.2);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public MobileNetV2Config(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_mobilenet_v2", values);
        refuseUnknown();
    }
}

package org.jtorch.models.convnext;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of ConvNeXt: the arguments of torchvision's {@code ConvNeXt}, by default the blocks of the tiny model. */
public final class ConvNeXtConfig extends ModelConfig {

    /**
     * Rows of: the channels of the input, the channels after the image was made smaller or null if it is not, the number of blocks.
     */
    public final List<ConfigRow> blockSetting = rows("block_setting", 3, setting(96, 9));

    public final double stochasticDepthProb = number("stochastic_depth_prob", 0);
    public final double layerScale = number("layer_scale", 1e-6);
    public final long numClasses = integer("num_classes", 1000);

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public ConvNeXtConfig(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_convnext", values);
        refuseUnknown();
        if (blockSetting.isEmpty()) {
            throw new ConfigException("the block_setting of a ConvNeXt must have at least one row");
        }
    }

    /** Returns the blocks of a known variant. */
    static List<List<@Nullable Integer>> setting(int channels, int thirdBlocks) {
        return List.of(
                List.of(channels, 2 * channels, 3),
                List.of(2 * channels, 4 * channels, 3),
                List.of(4 * channels, 8 * channels, thirdBlocks),
                Arrays.asList(8 * channels, null, 3));
    }
}

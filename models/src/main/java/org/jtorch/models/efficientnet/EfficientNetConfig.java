package org.jtorch.models.efficientnet;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.jtorch.models.pretrained.ConfigException;
import org.jtorch.models.pretrained.ConfigRow;
import org.jtorch.models.pretrained.ModelConfig;

/** The configuration of EfficientNet: the arguments of torchvision's {@code EfficientNet}, by default those of B0. */
public final class EfficientNetConfig extends ModelConfig {

    /**
     * Rows of: {@code MBConv} or {@code FusedMBConv}, how many times more channels are inside a block, the size of the kernel, the
     * stride, the channels of the input, the channels of the output, the number of blocks.
     */
    public final List<ConfigRow> invertedResidualSetting =
            rows("inverted_residual_setting", 7, Settings.scaled(1.0, 1.0));

    public final double dropout = number("dropout", 0.2);
    public final double stochasticDepthProb = number("stochastic_depth_prob", 0.2);
    public final long numClasses = integer("num_classes", 1000);
    public final double normEps = number("norm_eps", 1e-5);
    public final double normMomentum = number("norm_momentum", 0.1);

    /** The number of channels before the classifier; by default, four times that of the last block. */
    public final long lastChannel;

    /** Creates a configuration from the values that differ from the defaults, by their names in {@code config.json}. */
    public EfficientNetConfig(Map<String, ? extends @Nullable Object> values) {
        super("torchvision_efficientnet", values);
        if (invertedResidualSetting.isEmpty()) {
            throw new ConfigException("the inverted_residual_setting of an EfficientNet must have at least one row");
        }
        ConfigRow last = invertedResidualSetting.get(invertedResidualSetting.size() - 1);
        lastChannel = integer("last_channel", 4 * last.integer(5));
        refuseUnknown();
    }
}
